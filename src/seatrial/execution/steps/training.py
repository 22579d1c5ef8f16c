"""Training steps; `@step` functions, notebook jobs and repacking are training steps too."""

from __future__ import annotations

from seatrial.definition import StepShape
from seatrial.execution.steps.job import JobStep

TRAINING = JobStep(
    "Training",
    StepShape(
        type="Training",
        create_operation="CreateTrainingJob",
        describe_shape="DescribeTrainingJobResponse",
        job_name_member="TrainingJobName",
    ),
    image_members=("AlgorithmSpecification", "TrainingImage"),
)
