"""What a step type may use for one attempt of one step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from seatrial.definition import (
    Json,
    Step,
    StepShape,
    evaluate,
    longest_name,
    stringify,
    validate_request,
)
from seatrial.errors import RecordError
from seatrial.execution.names import Account, job_name
from seatrial.execution.scope import ExecutionScope
from seatrial.execution.services import ExecutionServices
from seatrial.execution.state import ExecutionState
from seatrial.execution.steps.step_type import StepFailedError
from seatrial.ports.callbacks import Callback
from seatrial.ports.executions import ExecutionRecord, StepRecord
from seatrial.ports.functions import FindFunction
from seatrial.ports.jobs import JobKind, JobRequest
from seatrial.ports.storage import S3Uri
from seatrial.records import EndpointConfigs, ModelRegistry, Origin


class StepContext:
    """Made anew for each attempt; its methods run in the driver's thread."""

    def __init__(
        self,
        step_name: str,
        attempt: int,
        folder: Path,
        scope: ExecutionScope,
        state: ExecutionState,
        services: ExecutionServices,
    ) -> None:
        self.step_name = step_name
        self.attempt = attempt
        self.folder = folder
        self.scope = scope
        self._state = state
        self._services = services

    @property
    def stopping(self) -> bool:
        """Whether the execution is being stopped."""
        return self._state.stopping

    @property
    def execution(self) -> ExecutionRecord:
        """The execution as of now."""
        return self._state.record

    @property
    def now(self) -> datetime:
        """The time."""
        return self._services.clock.now()

    def recorded_step(self, execution: str) -> StepRecord | None:
        """This step as it is in another execution, None if it never started there."""
        return self._services.records.step(self._services.records.find(execution), self.step_name)

    def job_properties(self, name: str) -> Mapping[str, Any] | None:
        """What a job of this project has come to; None for one that it did not run, or that still runs."""
        try:
            job = self._services.records.job(name)
        except RecordError:
            return None
        return job.result.describe if job.result is not None else None

    @property
    def account(self) -> Account:
        """Makes ARNs."""
        return self._services.account

    @property
    def model_registry(self) -> ModelRegistry:
        """Where models and their versions are kept."""
        return self._services.records.model_registry

    @property
    def endpoint_configs(self) -> EndpointConfigs:
        """Where endpoint configurations are kept."""
        return self._services.records.endpoint_configs

    @property
    def origin(self) -> Origin:
        """This step, as the maker of a model."""
        return Origin(self._state.record.execution_id, self.step_name)

    @property
    def find_function(self) -> FindFunction:
        """Where the code of Lambda functions is looked up."""
        return self._services.find_function

    def send_callback(self, queue_url: str, arguments: Any, declared: Any) -> Callback:
        """The message of this step, sent now or by an attempt that was cut short."""
        return self._services.records.callbacks.send(
            self._state.record.execution_id,
            self.step_name,
            self._services.ids.suffix(),
            queue_url,
            arguments,
            declared,
        )

    def evaluate(self, value: Json) -> Json:
        """The value with every expression resolved."""
        return evaluate(value, self.scope)

    def read_object(self, uri: S3Uri) -> bytes:
        """A small object that a job of the step wrote, read now."""
        return self._services.read_object(uri)

    def create_request(self, step: Step, shape: StepShape) -> tuple[str, dict[str, Any]]:
        """The name of the new resource, and its Create* request, resolved and accepted by the service model.

        What the service would refuse fails the step as a failed call of the operation does.
        """
        arguments = dict(step.arguments)
        prefix = arguments.pop(shape.job_name_member, None) if shape.job_name_member else None
        name = self._new_name(step, shape, prefix)
        self.scope.job_name = name
        parameters = self.evaluate(arguments)
        if shape.job_name_member:
            parameters = {shape.job_name_member: name, **parameters}
        refused = self._refusals(parameters, shape)
        if refused:
            raise self.create_failed(shape, "; ".join(refused))
        return name, parameters

    def create_failed(self, shape: StepShape, details: str) -> StepFailedError:
        """The failure of the step whose create call the service refuses."""
        return StepFailedError(
            f"ClientError: Failed to invoke sagemaker:{shape.create_operation}. Error Details: {details}",
            slug="create-call-failed",
            where=self.step_name,
        )

    def job_request(self, kind: JobKind, name: str, parameters: dict[str, Any]) -> JobRequest:
        """The job of this attempt."""
        return JobRequest(
            kind=kind,
            name=name,
            arn=self.account.arn(f"{kind.lower()}-job", name),
            parameters=parameters,
            execution_id=self._state.record.execution_id,
            step_name=self.step_name,
            attempt=self.attempt,
            folder=self.folder,
        )

    def _new_name(self, step: Step, shape: StepShape, prefix: Json) -> str:
        own = stringify(self.evaluate(prefix)) if prefix is not None else None
        longest = None
        if shape.create_operation and shape.job_name_member:
            longest = longest_name(shape.create_operation, shape.job_name_member)
        return job_name(
            self._state.record.execution_id, step.name, self._services.ids.suffix(), own, longest=longest
        )

    def _refusals(self, parameters: dict[str, Any], shape: StepShape) -> list[str]:
        unknown = [
            f"Unknown Argument member '{name}'." for name in parameters if name in shape.refused_arguments
        ]
        missing = [f"{name} is required." for name in sorted(shape.required_arguments - parameters.keys())]
        operation = shape.create_operation
        findings = validate_request(operation, parameters) if operation else []
        return unknown + missing + [f"{finding.message} ({finding.where})" for finding in findings]
