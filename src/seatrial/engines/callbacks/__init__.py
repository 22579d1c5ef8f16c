"""The part of the service that sends a Callback step's message and waits for the answer."""

from seatrial.engines.callbacks.engine import CallbacksEngine
from seatrial.engines.callbacks.parts import Parts, rule_for

__all__ = ["CallbacksEngine", "Parts", "rule_for"]
