"""Lambda steps: a function is called with the step's Arguments, and its answer gives the declared outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seatrial.definition import Json, Step, StepShape, stringify
from seatrial.errors import RefusedError
from seatrial.execution.steps.job import JobStep
from seatrial.execution.steps.step_type import Done, StepFailedError
from seatrial.ports.jobs import JobRequest, JobResult

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext

TIMED_OUT = '"Sandbox.Timedout"'
"""In Lambda's answer when the function's time was over."""

IMAGE = "seatrial/lambda-python"
"""What every function is called in."""


@dataclass(frozen=True)
class LambdaStep(JobStep):
    """A job whose request is an Invoke call."""

    def image(self, step: Step) -> Json:
        """Ours: a function names none."""
        return IMAGE

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The event, and the code of the function."""
        name, event = context.create_request(step, self.shape)
        named = str(context.evaluate(step.raw["FunctionArn"]))
        parameters = {
            "FunctionName": named,
            "Payload": event,
            "DeclaredOutputs": context.evaluate(step.raw.get("OutputParameters") or []),
        }
        request = context.job_request(self.kind, name, parameters)
        try:
            return replace(request, function=context.find_function(named))
        except RefusedError as unknown:
            raise StepFailedError(
                f"ClientError: {unknown.message}; {unknown.hint}", slug=unknown.slug, where=step.name
            ) from unknown

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """The outputs, as properties and, in text, in the step's listing."""
        describe = result.describe
        values = describe.get("OutputParameters") or {}
        if result.refusal:
            raise StepFailedError(
                f"ClientError: Failed to invoke lambda:Invoke. Error Details: {result.refusal}",
                slug="create-call-failed",
                where=step.name,
            )
        done = super().complete(step, context, result)
        return replace(
            done,
            properties={"OutputParameters": values},
            metadata={"Lambda": {"Arn": describe["FunctionName"], "OutputParameters": listed(values)}},
            fails_stop=TIMED_OUT in (done.failure_reason or ""),
        )


def listed(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Outputs as ListPipelineExecutionSteps has them."""
    return [{"Name": name, "Value": stringify(value)} for name, value in values.items()]


LAMBDA = LambdaStep(
    "Lambda",
    StepShape(
        type="Lambda",
        extra_properties=frozenset({"OutputParameters"}),
        extra_keys=frozenset({"FunctionArn", "OutputParameters"}),
        free_arguments=True,
    ),
    image_members=("", ""),
)
