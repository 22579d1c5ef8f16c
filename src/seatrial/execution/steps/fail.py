"""Fail steps: they end the execution with a message of the pipeline's author."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape, stringify
from seatrial.execution.steps.step_type import Done, WithoutJob
from seatrial.ports.executions import StepStatus

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


class FailStep(WithoutJob):
    """Running steps finish first; no other step starts any more."""

    shape = StepShape(type="Fail", arguments=frozenset({"ErrorMessage"}), referable=False)

    def prepare(self, step: Step, context: StepContext) -> Done:
        """The message is the FailureReason exactly; without one the service gives no reason at all."""
        message = stringify(context.evaluate(step.arguments.get("ErrorMessage", "")))
        return Done(
            StepStatus.FAILED,
            metadata={"Fail": {"ErrorMessage": message}},
            failure_reason=message or None,
            ends_execution=True,
        )
