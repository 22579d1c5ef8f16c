"""What is known of one execution: written by `execution`, kept by `records`, read by everything above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from seatrial.ports.findings import Finding
from seatrial.ports.jobs import JobResult
from seatrial.ports.substitutes import Substitute


class ExecutionStatus(str, Enum):
    """AWS's own strings."""

    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"
    COMPLETED_WITH_FAILURES = "CompletedWithFailures"


class StepStatus(str, Enum):
    """AWS's own strings; a step that was never started has no record."""

    STARTING = "Starting"
    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to the step."""
        return self in (StepStatus.STOPPED, StepStatus.FAILED, StepStatus.SUCCEEDED)


@dataclass(frozen=True)
class AttemptRecord:
    """One attempt of a step that another attempt followed.

    `fault` is the exception type that a retry policy knows it by, None where it has none. `retried`
    says that a policy made the next attempt; else somebody resumed the execution.
    """

    number: int
    job_name: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    failure_reason: str | None = None
    fault: str | None = None
    retried: bool = False


class ReuseKind(str, Enum):
    """Why a step has the outcome of an earlier execution; named as in ListPipelineExecutionSteps."""

    CACHE = "CacheHitResult"
    SELECTION = "SelectiveExecutionResult"


@dataclass(frozen=True)
class Reuse:
    """The execution that a step's properties and outputs come from; the step itself ran nothing."""

    kind: ReuseKind
    source_arn: str

    @property
    def source_id(self) -> str:
        """The id of that execution."""
        return self.source_arn.rpartition("/")[2]


@dataclass(frozen=True)
class CacheLookup:
    """What a step with a CacheConfig found: the outcome of an earlier job, or why none would do."""

    hit: bool
    reason: str


@dataclass(frozen=True)
class Selection:
    """SelectiveExecutionConfig: the steps that run; `source_arn` gives what others would have given."""

    steps: tuple[str, ...]
    source_arn: str | None = None


@dataclass(frozen=True)
class StepRecord:
    """One step of one execution, as of now.

    `properties` is what `Steps.<name>.<path>` sees (the Describe* response). `metadata` is as in
    ListPipelineExecutionSteps. `result` is there once its job ended. `retry_at` is there while the step
    waits for its next attempt after the `fault` of the last one; `earlier` are the attempts before it.
    With `reuse`, job, result, metadata and properties are those of the source execution. `substitute` says
    what did the step's work in its place.
    """

    name: str
    type: str
    status: StepStatus
    attempts: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    failure_reason: str | None = None
    exit_message: str | None = None
    job_name: str | None = None
    progress: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    result: JobResult | None = None
    fault: str | None = None
    retry_at: datetime | None = None
    earlier: tuple[AttemptRecord, ...] = ()
    reuse: Reuse | None = None
    cache: CacheLookup | None = None
    substitute: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether a retry policy will start it again."""
        return self.retry_at is not None


@dataclass(frozen=True)
class ExecutionRecord:
    """One run of a pipeline, as of now; `steps` in the order in which they started.

    `engines` ran its jobs: one, unless it was resumed under another; the last is the one of now.
    `max_parallel_steps` is its ParallelismConfiguration; this machine's slots hold besides.
    `experiment` is its PipelineExperimentConfig, resolved. `substitutes` do the work of steps, by name.
    """

    execution_id: str
    arn: str
    pipeline_name: str
    pipeline_arn: str
    status: ExecutionStatus
    definition: str
    parameters: Mapping[str, str | int | float | bool]
    prefix: str | None
    started_at: datetime
    ended_at: datetime | None = None
    failure_reason: str | None = None
    steps: tuple[StepRecord, ...] = ()
    findings: tuple[Finding, ...] = ()
    engines: tuple[str, ...] = ("native",)
    max_parallel_steps: int | None = None
    selection: Selection | None = None
    experiment: Mapping[str, str] | None = None
    substitutes: Mapping[str, Substitute] = field(default_factory=dict)

    def selects(self, name: str) -> bool:
        """Whether the step of that name is to run, as far as the selection decides it."""
        return self.selection is None or name in self.selection.steps

    def step(self, name: str) -> StepRecord | None:
        """The record of the step, None if it never started."""
        return next((step for step in self.steps if step.name == name), None)


class EventKind(str, Enum):
    """What a line of an execution's history says; `detail` of a change holds the fields that changed."""

    EXECUTION_CREATED = "ExecutionCreated"
    EXECUTION_CHANGED = "ExecutionStatusChanged"
    STEP_CHANGED = "StepStatusChanged"
    STEP_PROGRESSED = "StepProgressed"
    FINDINGS_ADDED = "FindingsAdded"
    FINDINGS_JUDGED = "FindingsJudged"
    STOP_REQUESTED = "StopRequested"
    CALLBACK_SENT = "CallbackSent"
    CALLBACK_ANSWERED = "CallbackAnswered"
    MODEL_CREATED = "ModelCreated"
    MODEL_PACKAGE_CREATED = "ModelPackageCreated"
    MODEL_PACKAGE_CHANGED = "ModelPackageChanged"
    ENDPOINT_CONFIG_CREATED = "EndpointConfigCreated"


@dataclass(frozen=True)
class Event:
    """One line of an execution's history; `sequence` counts from 1 within the execution."""

    execution_id: str
    sequence: int
    time: datetime
    kind: str
    step: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


class EventListener(Protocol):
    """Hears each event once, after it was committed, in order; must return quickly."""

    def __call__(self, event: Event) -> None: ...
