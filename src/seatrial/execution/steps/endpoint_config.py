"""EndpointConfig steps: a configuration is kept in the records, nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape
from seatrial.execution.steps.step_type import Done, WithoutJob

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


class EndpointConfigStep(WithoutJob):
    """CreateEndpointConfig, and DescribeEndpointConfig as its properties; the name is the author's own."""

    shape = StepShape(
        type="EndpointConfig",
        create_operation="CreateEndpointConfig",
        describe_shape="DescribeEndpointConfigOutput",
    )

    def prepare(self, step: Step, context: StepContext) -> Done:
        """The configuration, at once."""
        _, parameters = context.create_request(step, self.shape)
        described = context.endpoint_configs.create(
            parameters,
            arn=context.account.arn("endpoint-config", parameters["EndpointConfigName"]),
            origin=context.origin,
        )
        return Done(
            properties=described, metadata={"EndpointConfig": {"Arn": described["EndpointConfigArn"]}}
        )
