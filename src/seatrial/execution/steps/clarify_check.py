"""ClarifyCheck steps: bias in data or in predictions, and what a model's predictions rest on."""

from __future__ import annotations

from seatrial.definition import StepShape
from seatrial.execution.steps.check import CheckStep

CLARIFY_CHECK = CheckStep(
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
