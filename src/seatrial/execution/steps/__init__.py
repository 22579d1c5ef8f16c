"""The step types; a new one is a file beside this and a line in `STEP_TYPES`."""

from __future__ import annotations

from seatrial.execution.steps.by_substitute import BY_SUBSTITUTE
from seatrial.execution.steps.callback import CALLBACK
from seatrial.execution.steps.clarify_check import CLARIFY_CHECK
from seatrial.execution.steps.condition import ConditionStep
from seatrial.execution.steps.endpoint import ENDPOINT
from seatrial.execution.steps.endpoint_config import EndpointConfigStep
from seatrial.execution.steps.fail import FailStep
from seatrial.execution.steps.lambda_ import LAMBDA
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
    "Lambda": LAMBDA,
    "Callback": CALLBACK,
    "Condition": ConditionStep(),
    "Fail": FailStep(),
    "Model": ModelStep(),
    "RegisterModel": RegisterModelStep(),
    "EndpointConfig": EndpointConfigStep(),
    "Endpoint": ENDPOINT,
    "QualityCheck": QUALITY_CHECK,
    "ClarifyCheck": CLARIFY_CHECK,
    **BY_SUBSTITUTE,
}

__all__ = ["STEP_TYPES", "Done", "StepFailedError", "StepType"]
