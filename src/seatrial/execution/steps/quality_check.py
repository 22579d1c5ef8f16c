"""QualityCheck steps: statistics and constraints of data, or the figures of a model's predictions."""

from __future__ import annotations

from seatrial.definition import StepShape
from seatrial.execution.steps.check import CheckStep

QUALITY_CHECK = CheckStep(
    "Processing",
    StepShape(
        type="QualityCheck",
        create_operation="CreateProcessingJob",
        job_name_member="ProcessingJobName",
        extra_properties=frozenset(
            {
                "CalculatedBaselineConstraints",
                "CalculatedBaselineStatistics",
                "BaselineUsedForDriftCheckConstraints",
                "BaselineUsedForDriftCheckStatistics",
            }
        ),
    ),
    image_members=("AppSpecification", "ImageUri"),
    title="Quality check",
    files={"Constraints": "constraints.json", "Statistics": "statistics.json"},
)
