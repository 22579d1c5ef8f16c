"""Model steps: a model is created in the records, nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape
from seatrial.execution.steps.step_type import Done, WithoutJob

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


class ModelStep(WithoutJob):
    """CreateModel, and DescribeModel as its properties."""

    shape = StepShape(
        type="Model",
        create_operation="CreateModel",
        describe_shape="DescribeModelOutput",
        job_name_member="ModelName",
    )

    def prepare(self, step: Step, context: StepContext) -> Done:
        """The model, at once."""
        name, parameters = context.create_request(step, self.shape)
        described = context.model_registry.create_model(
            parameters, arn=context.account.arn("model", name), origin=context.origin
        )
        return Done(properties=described, metadata={"Model": {"Arn": described["ModelArn"]}})
