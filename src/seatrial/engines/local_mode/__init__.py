"""The SageMaker SDK's own local mode as a job engine: each job in a process of its own, receipts by us."""

from seatrial.engines.local_mode.engine import LocalModeEngine
from seatrial.engines.local_mode.sdk import require_sdk
from seatrial.engines.local_mode.surroundings import NETWORK

__all__ = ["NETWORK", "LocalModeEngine", "require_sdk"]
