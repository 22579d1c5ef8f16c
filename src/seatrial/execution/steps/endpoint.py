"""Endpoint steps: the models of a configuration are served until the execution ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seatrial.definition import Json, PipelineDefinition, Step, StepShape
from seatrial.errors import RecordError
from seatrial.execution.served_models import describe_served_model
from seatrial.execution.steps.job import MAX_FAILURE_REASON, JobStep
from seatrial.execution.steps.step_type import Done
from seatrial.execution.steps.transform import referred_step
from seatrial.ports.endpoints import EndpointPlan
from seatrial.ports.executions import StepStatus
from seatrial.ports.jobs import JobRequest, JobResult

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


@dataclass(frozen=True)
class EndpointStep(JobStep):
    """CreateEndpoint, or UpdateEndpoint where an earlier step of the execution made one of that name."""

    def image(self, step: Step) -> Json:
        """None: it is the models that name images."""
        return None

    def prepare(self, step: Step, context: StepContext) -> JobRequest:
        """The CreateEndpoint request, the configuration that it names, and the models that this names."""
        name, parameters = context.create_request(step, self.shape)
        request = context.job_request(self.kind, name, parameters)
        arn = context.account.arn("endpoint", name)
        return replace(request, arn=arn, endpoint=self._plan(str(parameters["EndpointConfigName"]), context))

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """Success only for an endpoint that is in service."""
        describe = result.describe
        if result.refusal:
            raise context.create_failed(self.shape, result.refusal)
        listed = {"Endpoint": {"Arn": describe["EndpointArn"]}}
        status = describe["EndpointStatus"]
        if status == "InService":
            return Done(properties=describe, metadata=listed, progress=result.note)
        if status == "OutOfService" and context.stopping:
            return Done(StepStatus.STOPPED, describe, listed)
        why = describe.get("FailureReason") or f"the endpoint is {status} without a reason"
        return Done(
            StepStatus.FAILED, describe, listed, failure_reason=f"ClientError: {why}"[:MAX_FAILURE_REASON]
        )

    def _plan(self, name: str, context: StepContext) -> EndpointPlan:
        try:
            config = context.endpoint_configs.describe(name)
            models = {
                variant["VariantName"]: describe_served_model(variant["ModelName"], context.model_registry)
                for variant in config["ProductionVariants"]
                if variant.get("ModelName")
            }
        except RecordError as unknown:
            what = unknown.slug.removeprefix("unknown-").replace("-", " ")
            raise context.create_failed(
                self.shape, f'ValidationException: Could not find {what} "{unknown.where}".'
            ) from unknown
        return EndpointPlan(config, models)


ENDPOINT = EndpointStep(
    "Endpoint",
    StepShape(
        type="Endpoint",
        create_operation="CreateEndpoint",
        describe_shape="DescribeEndpointOutput",
    ),
    image_members=("", ""),
)


def config_step_of(step: Step, definition: PipelineDefinition) -> Step | None:
    """The EndpointConfig step whose configuration an Endpoint step names, by reference or by its name."""
    named = step.arguments.get("EndpointConfigName")
    referred = referred_step(named, "EndpointConfig", definition)
    if referred is not None or not isinstance(named, str):
        return referred
    configs = (each for each in definition.all_steps() if each.type == "EndpointConfig")
    return next((each for each in configs if each.arguments.get("EndpointConfigName") == named), None)


def variants_of(config: Step) -> list[tuple[str, Mapping[str, Any]]]:
    """Its production variants, each with the place where it stands."""
    variants = config.arguments.get("ProductionVariants")
    return [
        (f"{config.pointer}/Arguments/ProductionVariants/{index}", variant)
        for index, variant in enumerate(variants if isinstance(variants, list) else [])
        if isinstance(variant, Mapping)
    ]
