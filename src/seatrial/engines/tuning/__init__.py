"""SageMaker's hyperparameter tuning: a search whose every trial is a training job of another engine."""

from seatrial.engines.tuning.engine import TuningEngine

__all__ = ["TuningEngine"]
