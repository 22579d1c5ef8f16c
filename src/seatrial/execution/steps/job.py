"""A step that is one SageMaker job: its request, and its end as the pipeline service words it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatrial.definition import Json, Step, StepShape
from seatrial.execution.steps.step_type import Done
from seatrial.ports.executions import StepStatus
from seatrial.ports.jobs import JobKind, JobRequest, JobResult

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext

MAX_FAILURE_REASON = 1024


@dataclass(frozen=True)
class JobStep:
    """A step type whose steps are jobs of one kind."""

    kind: JobKind
    shape: StepShape
    image_members: tuple[str, str]

    @property
    def status_member(self) -> str:
        """Where the Describe* response has the job's status."""
        return f"{self.kind}JobStatus"

    def kinds(self, step: Step) -> tuple[JobKind, ...]:
        """All that an engine has to be able to do for the step."""
        return (self.kind,)

    def images(self, step: Step) -> tuple[Json, ...]:
        """The images as the step names them, perhaps as expressions."""
        image = self.image(step)
        return () if image is None else (image,)

    def image(self, step: Step) -> Json:
        """The image as the step names it, perhaps an expression; None where it names none."""
        outer, inner = self.image_members
        holder = step.arguments.get(outer)
        return holder.get(inner) if isinstance(holder, Mapping) else None

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The Create* request, whole and validated."""
        name, parameters = context.create_request(step, self.shape)
        return context.job_request(self.kind, name, parameters)

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """Success only for a job that says it completed; every other end is a failure with a reason."""
        describe = result.describe
        if result.refusal:
            raise context.create_failed(self.shape, result.refusal)
        status = describe.get(self.status_member)
        exit_message = describe.get("ExitMessage")
        if status == "Completed":
            return Done(properties=describe, exit_message=exit_message)
        if status == "Stopped" and context.stopping:
            return Done(StepStatus.STOPPED, describe, exit_message=exit_message)
        return Done(
            StepStatus.FAILED,
            describe,
            failure_reason=f"ClientError: {self._reason(result)}"[:MAX_FAILURE_REASON],
            exit_message=exit_message,
        )

    def _reason(self, result: JobResult) -> str:
        """The job's own reason, or what can be said of a job that gave none (stopped by its time limit)."""
        describe = result.describe
        if describe.get("FailureReason"):
            return str(describe["FailureReason"])
        status = describe.get(self.status_member, "without a status")
        secondary = describe.get("SecondaryStatus", status)
        detail = f" ({secondary})" if secondary != status else ""
        return f"the {self.kind.lower()} job ended {status}{detail} without a reason"
