"""What a step type is, and how a step ends; knows no type by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from seatrial.definition import Step, StepShape
from seatrial.errors import SeatrialError
from seatrial.ports.executions import StepStatus
from seatrial.ports.jobs import JobRequest, JobResult

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


@dataclass(frozen=True)
class Done:
    """How a step ended. `ends_execution` keeps every further step from starting, as a Fail step does.

    `progress` is what goes on after the end, for people. With `fails_stop`, an execution that is being
    stopped ends as Failed.
    """

    status: StepStatus = StepStatus.SUCCEEDED
    properties: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    failure_reason: str | None = None
    exit_message: str | None = None
    ends_execution: bool = False
    progress: str | None = None
    fails_stop: bool = False


class StepFailedError(SeatrialError):
    """The step fails, and the message is its FailureReason to the letter."""


class StepType(Protocol):
    """One type of step. Both methods run in the driver's thread and must not wait for a job."""

    @property
    def shape(self) -> StepShape:
        """What the definition room has to know to check steps of this type."""

    def prepare(self, step: Step, context: StepContext) -> JobRequest | Done:
        """The job that the step is, or its end when it needs none."""

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """The step's end, now that its job has ended; never called for a step without a job."""


class WithoutJob:
    """The half of a step type that is done as soon as it is prepared."""

    def complete(self, step: Step, context: StepContext, result: JobResult) -> Done:
        """Never called: there is no job whose result could come."""
        raise AssertionError(f"step {step.name} of type {step.type} was given a job's result")
