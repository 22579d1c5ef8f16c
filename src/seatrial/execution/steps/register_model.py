"""RegisterModel steps: a new version in a group of the model registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape
from seatrial.execution.steps.step_type import Done, WithoutJob

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


class RegisterModelStep(WithoutJob):
    """CreateModelPackage, and DescribeModelPackage as its properties."""

    shape = StepShape(
        type="RegisterModel",
        create_operation="CreateModelPackage",
        describe_shape="DescribeModelPackageOutput",
        required_arguments=frozenset({"ModelPackageGroupName"}),
        refused_arguments=frozenset({"ModelPackageName"}),
    )

    def prepare(self, step: Step, context: StepContext) -> Done:
        """The version, at once; registering again for the same step gives the same version."""
        _, parameters = context.create_request(step, self.shape)
        described = context.model_registry.create_package(
            parameters, arn_root=context.account.arn_root, origin=context.origin
        )
        return Done(properties=described, metadata={"RegisterModel": {"Arn": described["ModelPackageArn"]}})
