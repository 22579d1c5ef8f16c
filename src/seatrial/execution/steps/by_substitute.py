"""Step types whose jobs nobody runs on one machine: their whole interface, and a substitute for the work.

What they are asked and what they answer is checked like any other type's. `Steps.<name>.<path>` of the
types in `UNDOCUMENTED` is checked against the properties that their substitutes give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape
from seatrial.execution.steps.step_type import Done, StepFailedError, WithoutJob

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


@dataclass(frozen=True)
class BySubstitute(WithoutJob):
    """A type that is only ever prepared by what stands in for it."""

    shape: StepShape

    def prepare(self, step: Step, context: StepContext) -> Done:
        """A step without a substitute is refused before the run; whoever comes here did not ask."""
        raise StepFailedError(
            f"ClientError: steps of type {step.type} run here by a substitute only, and "
            f"{step.name!r} has none",
            slug="no-substitute",
            where=step.name,
            hint=f'write [substitutes."{step.name}"] in seatrial.toml',
        )


AUTO_ML = StepShape(
    type="AutoML",
    create_operation="CreateAutoMLJob",
    describe_shape="DescribeAutoMLJobResponse",
    job_name_member="AutoMLJobName",
    refused_arguments=frozenset({"ModelDeployConfig", "GenerateCandidateDefinitionsOnly"}),
    extra_properties=frozenset({"BestCandidateProperties"}),
)
# The Step of the EMR API, which this project has no model of, and what the SDK adds to it.
EMR = StepShape(
    type="EMR",
    arguments=frozenset({"StepConfig", "ClusterId", "ClusterConfig", "ExecutionRoleArn", "OutputArgs"}),
    required_arguments=frozenset({"StepConfig"}),
    extra_properties=frozenset(
        {"Id", "Name", "Config", "ActionOnFailure", "Status", "ExecutionRoleArn", "ClusterId"}
        | {"ClusterConfig", "LogUri", "EncryptionKeyArn"}
    ),
)
INFERENCE_COMPONENT = StepShape(
    type="InferenceComponent",
    create_operation="CreateInferenceComponent",
    describe_shape="DescribeInferenceComponentOutput",
)
LINEAGE = StepShape(
    type="Lineage",
    arguments=frozenset({"Actions", "Artifacts", "Contexts", "Associations"}),
    extra_properties=frozenset({"ActionArns", "ArtifactArns", "ContextArns", "Associations"}),
)

# They have an entry in the listing of steps and no documented place in a definition.
UNDOCUMENTED = (
    "EMRServerless",
    "Athena",
    "BedrockCustomModel",
    "BedrockCustomModelDeployment",
    "BedrockModelImport",
    "BedrockProvisionedModelThroughput",
    "Cleanup",
    "ForEach",
    "HubContent",
    "Job",
)

BY_SUBSTITUTE: dict[str, BySubstitute] = {
    shape.type: BySubstitute(shape)
    for shape in (
        AUTO_ML,
        EMR,
        INFERENCE_COMPONENT,
        LINEAGE,
        *(StepShape(type=name, undocumented=True) for name in UNDOCUMENTED),
    )
}
