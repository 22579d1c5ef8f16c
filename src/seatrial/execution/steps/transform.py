"""Transform steps: a model that a Model step made answers for every object of a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seatrial.definition import Json, PipelineDefinition, Step, StepShape, references
from seatrial.errors import RecordError
from seatrial.execution.served_models import describe_served_model
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
            return describe_served_model(name, context.model_registry)
        except RecordError as unknown:
            named = context.account.arn("model", name) if unknown.where == name else unknown.where
            what = unknown.slug.removeprefix("unknown-").replace("-", " ")
            raise context.create_failed(
                self.shape, f'ValidationException: Could not find {what} "{named}".'
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


def model_step_of(name: Json, definition: PipelineDefinition) -> Step | None:
    """The Model step whose model a ModelName names; None for a model from elsewhere."""
    return referred_step(name, "Model", definition)


def package_step_of(model: Step, definition: PipelineDefinition) -> Step | None:
    """The RegisterModel step whose package a Model step names; None where it names an image."""
    primary = model.arguments.get("PrimaryContainer")
    named = primary.get("ModelPackageName") if isinstance(primary, Mapping) else None
    return referred_step(named, "RegisterModel", definition)


def referred_step(value: Json, kind: str, definition: PipelineDefinition) -> Step | None:
    """The step of that type that an expression refers to, if it does."""
    for reference in references(value):
        step = definition.step(reference.name) if reference.kind == "step" else None
        if step is not None and step.type == kind:
            return step
    return None
