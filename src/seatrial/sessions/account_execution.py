"""One execution in an AWS account: its steps and what their jobs answered; knows no registry.

The account is only read: List* and Describe*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
}
_WITH_OUTPUTS = ("Lambda", "Callback")


@dataclass(frozen=True)
class AwsStep:
    """A step as the account lists it; `described` is its job's description, with times as they came."""

    name: str
    type: str
    status: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempts: int = 1
    reused_from: str | None = None
    job_arn: str | None = None
    outcome: str | None = None
    described: Mapping[str, Any] = field(default_factory=dict)

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

    @property
    def described(self) -> Mapping[str, Any]:
        """DescribePipelineExecution."""
        if self._described is None:
            self._described = self.ask("DescribePipelineExecution", PipelineExecutionArn=self.arn)
        return self._described

    @property
    def steps(self) -> tuple[AwsStep, ...]:
        """The steps that started, in that order; ListPipelineExecutionSteps, and Describe* for each job."""
        if self._steps is None:
            self._steps = tuple(map(self._step, self._listed()))
        return self._steps

    def step(self, name: str) -> AwsStep | None:
        """The step of that name, None if it did not start."""
        return next((step for step in self.steps if step.name == name), None)

    def definition(self) -> PipelineDefinition:
        """The definition that it ran."""
        answer = self.ask("DescribePipelineDefinitionForExecution", PipelineExecutionArn=self.arn)
        return parse(answer["PipelineDefinition"], source=self.arn)

    def ask(self, operation: str, **parameters: str) -> Mapping[str, Any]:
        """One call of the API, by its name there."""
        call = getattr(self._client, _python_name(operation))
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
            outcome=told.get("Outcome") if kind == "Condition" else None,
            described=self._properties(kind, told, arn),
        )

    def _properties(self, kind: str, told: Mapping[str, Any], arn: str | None) -> Mapping[str, Any]:
        if kind in _JOBS and arn:
            _, operation, parameter = _JOBS[kind]
            name = arn if kind == "RegisterModel" else arn.rpartition("/")[2]
            return self.ask(operation, **{parameter: name})
        if kind in _WITH_OUTPUTS:
            return {
                "OutputParameters": {item["Name"]: item["Value"] for item in told.get("OutputParameters", ())}
            }
        return told


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
        found = look_up(dict(step.described) if step else {}, PropertyPath.parse(property_path))
        return _plain(found)


def _plain(value: Any) -> Json:
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _python_name(operation: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
