"""Our own job engine: what SageMaker does for one processing or training job, on one machine."""

from seatrial.engines.native.engine import NativeEngine

__all__ = ["NativeEngine"]
