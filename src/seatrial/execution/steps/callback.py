"""Callback steps: a message is sent, and the step lasts until somebody answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seatrial.definition import Json, Step, StepShape
from seatrial.execution.steps.job import JobStep
from seatrial.execution.steps.lambda_ import listed
from seatrial.execution.steps.step_type import Done
from seatrial.ports.executions import StepStatus
from seatrial.ports.jobs import JobRequest, JobResult

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


@dataclass(frozen=True)
class CallbackStep(JobStep):
    """A job that is a wait."""

    def image(self, step: Step) -> Json:
        """None: nothing runs."""
        return None

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The message, with the token of an attempt that was cut short if there was one."""
        name, arguments = context.create_request(step, self.shape)
        queue = str(context.evaluate(step.raw["SqsQueueUrl"]))
        declared = context.evaluate(step.raw.get("OutputParameters") or [])
        callback = context.send_callback(queue, arguments, declared)
        parameters = {
            "CallbackToken": callback.token,
            "SqsQueueUrl": queue,
            "Message": callback.message(),
            "DeclaredOutputs": declared,
        }
        return context.job_request(self.kind, name, parameters)

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """The answer: its outputs, or its reason to the letter."""
        describe = result.describe
        values = describe.get("OutputParameters") or {}
        done = Done(
            properties={"OutputParameters": values},
            metadata={
                "Callback": {
                    "CallbackToken": describe["CallbackToken"],
                    "SqsQueueUrl": describe["SqsQueueUrl"],
                    "OutputParameters": listed(values),
                }
            },
        )
        status = describe["CallbackJobStatus"]
        if status == "Completed":
            return done
        if status == "Stopped" and context.stopping:
            return replace(done, status=StepStatus.STOPPED)
        reason = describe.get("FailureReason") or "the step failed, and nobody said why"
        return replace(done, status=StepStatus.FAILED, failure_reason=reason)


CALLBACK = CallbackStep(
    "Callback",
    StepShape(
        type="Callback",
        extra_properties=frozenset({"OutputParameters"}),
        extra_keys=frozenset({"SqsQueueUrl", "OutputParameters"}),
        free_arguments=True,
    ),
    image_members=("", ""),
)
