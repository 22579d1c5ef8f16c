"""Tuning steps: a search whose training jobs are all of one tuning job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seatrial.definition import Json, Step, StepShape
from seatrial.definition.tuning_jobs import training_definitions
from seatrial.engines.tuning.parents import named_parents
from seatrial.execution.steps.job import JobStep
from seatrial.ports.jobs import JobRequest

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


@dataclass(frozen=True)
class TuningStep(JobStep):
    """A job whose response has two parts, and whose training jobs may have an image each."""

    @property
    def status_member(self) -> str:
        """The response calls the job by its longer name."""
        return "HyperParameterTuningJobStatus"

    def images(self, step: Step) -> tuple[Json, ...]:
        """The image of each training job definition."""
        outer, inner = self.image_members
        held = (definition.members.get(outer) for definition in training_definitions(step.arguments))
        named = (holder.get(inner) for holder in held if isinstance(holder, Mapping))
        return tuple(image for image in named if image is not None)

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The CreateHyperParameterTuningJob request, and what is known of the parents of a warm start."""
        request = super().prepare(step, context)
        found = (context.job_properties(name) for name in named_parents(request.parameters))
        return replace(
            request,
            arn=context.account.arn("hyper-parameter-tuning-job", request.name),
            parents=tuple(parent for parent in found if parent is not None),
        )


TUNING = TuningStep(
    "Tuning",
    StepShape(
        type="Tuning",
        create_operation="CreateHyperParameterTuningJob",
        describe_shape="DescribeHyperParameterTuningJobResponse",
        merged_shapes=("ListTrainingJobsForHyperParameterTuningJobResponse",),
        job_name_member="HyperParameterTuningJobName",
    ),
    image_members=("AlgorithmSpecification", "TrainingImage"),
)
