"""Transform steps: a model that a Model step made answers for every object of a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seatrial.definition import Json, PipelineDefinition, Step, StepShape, references
from seatrial.errors import RecordError
from seatrial.execution.steps.job import JobStep
from seatrial.ports.jobs import JobRequest

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


@dataclass(frozen=True)
class TransformStep(JobStep):
    """A job whose request names a model; the model's own request goes with it."""

    def image(self, step: Step) -> Json:
        """None: it is the model that names the image."""
        return None

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The CreateTransformJob request, and what CreateModel was given."""
        name, parameters = context.create_request(step, self.shape)
        request = context.job_request(self.kind, name, parameters)
        return replace(request, model=self._model(str(parameters["ModelName"]), context))

    def _model(self, name: str, context: StepContext) -> Mapping[str, Any]:
        try:
            return context.model_registry.describe_model(name)
        except RecordError as unknown:
            arn = context.account.arn("model", name)
            raise context.create_failed(
                self.shape, f'ValidationException: Could not find model "{arn}".'
            ) from unknown


TRANSFORM = TransformStep(
    "Transform",
    StepShape(
        type="Transform",
        create_operation="CreateTransformJob",
        describe_shape="DescribeTransformJobResponse",
        job_name_member="TransformJobName",
    ),
    image_members=("", ""),
)


def model_step_of(step: Step, definition: PipelineDefinition) -> Step | None:
    """The Model step whose model a Transform step names; None for a model from elsewhere."""
    for reference in references(step.arguments.get("ModelName")):
        maker = definition.step(reference.name) if reference.kind == "step" else None
        if maker is not None and maker.type == "Model":
            return maker
    return None
