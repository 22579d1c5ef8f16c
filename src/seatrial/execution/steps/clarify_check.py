"""ClarifyCheck steps: bias in data or in predictions, and what a model's predictions rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seatrial.definition import Step, StepShape
from seatrial.errors import RecordError
from seatrial.execution.served_models import describe_served_model
from seatrial.execution.steps.check import CheckStep
from seatrial.execution.steps.step_type import StepFailedError
from seatrial.ports.endpoints import EndpointPlan
from seatrial.ports.jobs import JobKind, JobRequest

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext

_VARIANT = "AllTraffic"


@dataclass(frozen=True)
class ClarifyCheckStep(CheckStep):
    """A check whose job may ask a model: the step's own key names it."""

    def kinds(self, step: Step) -> tuple[JobKind, ...]:
        """The job, and the endpoint where it asks a model."""
        return (self.kind, "Endpoint") if step.raw.get("ModelName") is not None else (self.kind,)

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The processing job, and the endpoint that it has for itself."""
        request = super().prepare(step, context)
        named = context.evaluate(step.raw.get("ModelName"))
        return request if named is None else self._with_model(request, str(named), context)

    def _with_model(self, request: JobRequest, name: str, context: StepContext) -> JobRequest:
        try:
            model = describe_served_model(name, context.model_registry)
        except RecordError as unknown:
            raise StepFailedError(
                f'ClientError: {self.title} failed. Could not find model "{unknown.where}".',
                slug="unknown-model",
                where=context.step_name,
            ) from unknown
        variables = {**(request.parameters.get("Environment") or {}), "model_name": name}
        return replace(
            request,
            parameters={**request.parameters, "Environment": variables},
            endpoint=EndpointPlan(_config(request, name), {_VARIANT: model}),
        )


def _config(request: JobRequest, model: str) -> Mapping[str, Any]:
    """One instance like the job's own: which one it is to be stands in a file that nobody reads before."""
    cluster = request.parameters["ProcessingResources"]["ClusterConfig"]
    variant = {"VariantName": _VARIANT, "ModelName": model, "InitialInstanceCount": 1}
    return {
        "EndpointConfigName": f"{request.name}-shadow",
        "ProductionVariants": [{**variant, "InstanceType": cluster["InstanceType"]}],
    }


CLARIFY_CHECK = ClarifyCheckStep(
    "Processing",
    StepShape(
        type="ClarifyCheck",
        create_operation="CreateProcessingJob",
        job_name_member="ProcessingJobName",
        extra_properties=frozenset({"CalculatedBaselineConstraints", "BaselineUsedForDriftCheckConstraints"}),
    ),
    image_members=("AppSpecification", "ImageUri"),
    title="Clarify check",
    files={"Constraints": "analysis.json"},
)
