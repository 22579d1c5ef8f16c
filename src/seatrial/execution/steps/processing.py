"""Processing steps."""

from __future__ import annotations

from seatrial.definition import StepShape
from seatrial.execution.steps.job import JobStep

PROCESSING = JobStep(
    "Processing",
    StepShape(
        type="Processing",
        create_operation="CreateProcessingJob",
        describe_shape="DescribeProcessingJobResponse",
        job_name_member="ProcessingJobName",
    ),
    image_members=("AppSpecification", "ImageUri"),
)
