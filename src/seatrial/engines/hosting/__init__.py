"""SageMaker's endpoints: models served until their execution ends, and the desk where they are asked."""

from seatrial.engines.hosting.engine import HostingEngine
from seatrial.engines.hosting.standing import Standing

__all__ = ["HostingEngine", "Standing"]
