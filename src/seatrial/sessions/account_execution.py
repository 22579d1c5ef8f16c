"""One execution in an AWS account: its steps and what their jobs answered; knows no registry.

The account is only read: List* and Describe*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore import xform_name

from seatrial.definition import PipelineDefinition, PropertyPath, look_up, parse
from seatrial.definition.model import Json
from seatrial.errors import ExpressionError
from seatrial.sessions.account_errors import api_translated

# Member of a step's Metadata to its type, the call that describes its job, and the parameter that names it.
_JOBS: Mapping[str, tuple[str, str, str]] = {
    "ProcessingJob": ("Processing", "DescribeProcessingJob", "ProcessingJobName"),
    "TrainingJob": ("Training", "DescribeTrainingJob", "TrainingJobName"),
    "TransformJob": ("Transform", "DescribeTransformJob", "TransformJobName"),
    "TuningJob": ("Tuning", "DescribeHyperParameterTuningJob", "HyperParameterTuningJobName"),
    "QualityCheck": ("QualityCheck", "DescribeProcessingJob", "ProcessingJobName"),
    "ClarifyCheck": ("ClarifyCheck", "DescribeProcessingJob", "ProcessingJobName"),
    "Model": ("Model", "DescribeModel", "ModelName"),
    "RegisterModel": ("RegisterModel", "DescribeModelPackage", "ModelPackageName"),
    "Endpoint": ("Endpoint", "DescribeEndpoint", "EndpointName"),
    "EndpointConfig": ("EndpointConfig", "DescribeEndpointConfig", "EndpointConfigName"),
    "AutoMLJob": ("AutoML", "DescribeAutoMLJob", "AutoMLJobName"),
}
_WITH_OUTPUTS = ("Lambda", "Callback")


@dataclass(frozen=True)
class AwsStep:
    """A step as the account lists it; `told` is what its Metadata says under `kind`."""

    name: str
    type: str
    status: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempts: int = 1
    reused_from: str | None = None
    job_arn: str | None = None
    kind: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str | None:
        """Of a condition, `True` or `False`."""
        return self.told.get("Outcome") if self.kind == "Condition" else None

    @property
    def job_name(self) -> str | None:
        """The last part of its ARN."""
        return self.job_arn.rpartition("/")[2] if self.job_arn else None


class AwsExecution:
    """What the service says of an execution; each thing is asked once."""

    def __init__(self, sagemaker_client: Any, execution_arn: str) -> None:
        self.arn = execution_arn
        self._client = sagemaker_client
        self._described: Mapping[str, Any] | None = None
        self._steps: tuple[AwsStep, ...] | None = None
        self._properties: dict[str, Mapping[str, Any]] = {}

    @property
    def described(self) -> Mapping[str, Any]:
        """DescribePipelineExecution."""
        if self._described is None:
            self._described = self.ask("DescribePipelineExecution", PipelineExecutionArn=self.arn)
        return self._described

    @property
    def steps(self) -> tuple[AwsStep, ...]:
        """The steps that started, in that order: ListPipelineExecutionSteps."""
        if self._steps is None:
            self._steps = tuple(map(self._step, self._listed()))
        return self._steps

    def step(self, name: str) -> AwsStep | None:
        """The step of that name, None if it did not start."""
        return next((step for step in self.steps if step.name == name), None)

    def properties_of(self, step: AwsStep) -> Mapping[str, Any]:
        """What `Steps.<name>.<path>` sees: the description of its job, with times as they came."""
        if step.name not in self._properties:
            self._properties[step.name] = self._describe(step)
        return self._properties[step.name]

    def definition(self) -> PipelineDefinition:
        """The definition that it ran."""
        answer = self.ask("DescribePipelineDefinitionForExecution", PipelineExecutionArn=self.arn)
        return parse(answer["PipelineDefinition"], source=self.arn)

    def ask(self, operation: str, **parameters: str) -> Mapping[str, Any]:
        """One call of the API, by its name there."""
        call = getattr(self._client, xform_name(operation))
        with api_translated(operation, next(iter(parameters.values()))):
            answer: Mapping[str, Any] = call(**parameters)
        return {key: value for key, value in answer.items() if key != "ResponseMetadata"}

    def _listed(self) -> Iterator[Mapping[str, Any]]:
        pages = self._client.get_paginator("list_pipeline_execution_steps")
        with api_translated("ListPipelineExecutionSteps", self.arn):
            for page in pages.paginate(PipelineExecutionArn=self.arn, SortOrder="Ascending"):
                yield from page["PipelineExecutionSteps"]

    def _step(self, listed: Mapping[str, Any]) -> AwsStep:
        metadata: Mapping[str, Mapping[str, Any]] = listed.get("Metadata") or {}
        kind = next(iter(metadata), "")
        told = metadata.get(kind, {})
        arn = told.get("Arn") or told.get("CheckJobArn")
        reuse: Mapping[str, str] = (
            listed.get("CacheHitResult") or listed.get("SelectiveExecutionResult") or {}
        )
        return AwsStep(
            name=listed["StepName"],
            type=_JOBS[kind][0] if kind in _JOBS else kind,
            status=listed.get("StepStatus", ""),
            started_at=listed.get("StartTime"),
            ended_at=listed.get("EndTime"),
            attempts=listed.get("AttemptCount") or 1,
            reused_from=reuse.get("SourcePipelineExecutionArn") if reuse else None,
            job_arn=arn,
            kind=kind,
            told=told,
        )

    def _describe(self, step: AwsStep) -> Mapping[str, Any]:
        if step.kind in _JOBS and step.job_arn:
            _, operation, parameter = _JOBS[step.kind]
            name = step.job_arn if step.kind == "RegisterModel" else str(step.job_name)
            return {**step.told, **self.ask(operation, **{parameter: name})}
        if step.kind in _WITH_OUTPUTS:
            outputs = step.told.get("OutputParameters", ())
            return {"OutputParameters": {item["Name"]: item["Value"] for item in outputs}}
        return step.told


class AwsExecutionStrategy:
    """Where the value of a property is what the service answered: `PropertyResolutionService` asks it."""

    def __init__(self, execution: AwsExecution) -> None:
        self._execution = execution

    def can_resolve(self, step_name: str, property_path: str, context: Mapping[str, Any]) -> bool:
        """Whether the step has this property by now; an account that cannot be asked is an error."""
        try:
            self.resolve(step_name, property_path, context)
        except ExpressionError:
            return False
        return True

    def resolve(self, step_name: str, property_path: str, context: Mapping[str, Any]) -> Json:
        """The value, times as text."""
        step = self._execution.step(step_name)
        known = dict(self._execution.properties_of(step)) if step else {}
        return _plain(look_up(known, PropertyPath.parse(property_path)))


def _plain(value: Any) -> Json:
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
