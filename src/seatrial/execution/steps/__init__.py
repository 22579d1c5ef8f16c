"""The step types; a new one is a file beside this and a line in `STEP_TYPES`."""

from __future__ import annotations

from seatrial.execution.steps.clarify_check import CLARIFY_CHECK
from seatrial.execution.steps.condition import ConditionStep
from seatrial.execution.steps.fail import FailStep
from seatrial.execution.steps.model import ModelStep
from seatrial.execution.steps.processing import PROCESSING
from seatrial.execution.steps.quality_check import QUALITY_CHECK
from seatrial.execution.steps.register_model import RegisterModelStep
from seatrial.execution.steps.step_type import Done, StepFailedError, StepType
from seatrial.execution.steps.training import TRAINING
from seatrial.execution.steps.transform import TRANSFORM
from seatrial.execution.steps.tuning import TUNING

STEP_TYPES: dict[str, StepType] = {
    "Processing": PROCESSING,
    "Training": TRAINING,
    "Transform": TRANSFORM,
    "Tuning": TUNING,
    "Condition": ConditionStep(),
    "Fail": FailStep(),
    "Model": ModelStep(),
    "RegisterModel": RegisterModelStep(),
    "QualityCheck": QUALITY_CHECK,
    "ClarifyCheck": CLARIFY_CHECK,
}

__all__ = ["STEP_TYPES", "Done", "StepFailedError", "StepType"]
