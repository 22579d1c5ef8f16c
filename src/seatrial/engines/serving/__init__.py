"""SageMaker's batch transform: a model's container is served, and asked about every object of a prefix."""

from seatrial.engines.serving.engine import ServingEngine
from seatrial.engines.serving.parts import Parts

__all__ = ["Parts", "ServingEngine"]
