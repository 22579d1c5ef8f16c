"""A step type with something else doing its work; what that is, the engine of substitutes knows.

The definition's request is made and checked as ever, so that a substitute hides no fault of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape
from seatrial.execution.steps import STEP_TYPES
from seatrial.execution.steps.job import MAX_FAILURE_REASON
from seatrial.execution.steps.step_type import Done, StepFailedError, StepType
from seatrial.execution.substitution.describing import described, metadata_of
from seatrial.execution.substitution.placeholders import filled_in
from seatrial.ports.executions import StepRecord, StepStatus
from seatrial.ports.jobs import JobKind, JobRequest, JobResult
from seatrial.ports.substitutes import Substitute

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext

WITH_OUTPUTS: Mapping[str, JobKind] = {
    "Processing": "Processing",
    "Training": "Training",
    "Transform": "Transform",
}
"""Step types whose outputs have names and whose properties are their job's own answer, with its kind."""


def step_type_for(step: Step, substitutes: Mapping[str, Substitute]) -> StepType:
    """The step's type; with its work done by a substitute if it has one."""
    substitute = substitutes.get(step.name)
    if substitute is None:
        return STEP_TYPES[step.type]
    return SubstitutedStep(STEP_TYPES.get(step.type), step.type, substitute)


@dataclass(frozen=True)
class SubstitutedStep:
    """`original` is None for a type that nobody knows: it has what its substitute says."""

    original: StepType | None
    type: str
    substitute: Substitute

    @property
    def shape(self) -> StepShape:
        """The type's own."""
        return self.original.shape if self.original else StepShape(type=self.type, undocumented=True)

    @property
    def kind(self) -> JobKind:
        """The job's kind, where its outputs have names; else a kind of its own."""
        return WITH_OUTPUTS.get(self.type, "Substitute")

    def prepare(self, step: Step, context: StepContext) -> JobRequest | Done:
        """The request of the step, and what to do instead of it."""
        substitute = filled_in(self.substitute, context.execution)
        if not substitute.gives and self.original is not None:
            prepared = self.original.prepare(step, context)
            return prepared if isinstance(prepared, Done) else replace(prepared, substitute=substitute)
        name, parameters = context.create_request(self._asked(step), self.shape)
        request = context.job_request(self.kind, name, parameters)
        if substitute.kind == "replay":
            return replace(request, substitute=substitute, recorded=_as_result(self._recorded(context)))
        if self.kind == "Substitute":
            known = described(self.shape, name, parameters, context.account, context.now)
            substitute = replace(substitute, properties={**known, **substitute.properties})
        return replace(request, substitute=substitute)

    def _asked(self, step: Step) -> Step:
        """Of a type that nobody knows, not even which of its arguments hold expressions is known."""
        return replace(step, arguments={}) if self.shape.undocumented else step

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """As the step's own type would end with this result."""
        if self.original is not None and (self.kind != "Substitute" or not self.substitute.gives):
            return self.original.complete(step, context, result)
        if result.refusal:
            reason = f"ClientError: {result.refusal}"[:MAX_FAILURE_REASON]
            return Done(StepStatus.FAILED, failure_reason=reason)
        if result.stopped:  # nothing was given
            return Done(StepStatus.STOPPED)
        if self.substitute.kind == "replay":
            return Done(properties=result.describe, metadata=self._recorded(context).metadata)
        return Done(properties=result.describe, metadata=metadata_of(self.type, result.describe))

    def _recorded(self, context: StepContext) -> StepRecord:
        """The step as it ended in the execution that is replayed."""
        execution = str(self.substitute.execution)
        found = context.recorded_step(execution)
        if found is None or found.status is not StepStatus.SUCCEEDED:
            raise StepFailedError(
                f"ClientError: execution {execution} has no successful step {context.step_name!r} to replay",
                slug="nothing-to-replay",
                where=context.step_name,
            )
        return found


def _as_result(step: StepRecord) -> JobResult:
    return JobResult(describe=step.properties, outputs=step.result.outputs if step.result else ())
