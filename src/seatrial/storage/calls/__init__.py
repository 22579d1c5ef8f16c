"""The calls that others make to the store, seen in its own trace; knows nothing of jobs."""

from seatrial.storage.calls.follower import TracedCalls
from seatrial.storage.calls.opening import traced_calls
from seatrial.storage.calls.unwatched import Unwatched

__all__ = ["TracedCalls", "Unwatched", "traced_calls"]
