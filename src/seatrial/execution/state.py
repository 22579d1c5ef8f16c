"""The one owner of what is known of a running execution; every change is an event first."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from seatrial.definition import Step
from seatrial.execution.gone_endpoints import ENDPOINT
from seatrial.execution.step_metadata import metadata_of
from seatrial.execution.steps.step_type import Done
from seatrial.ports.clock import Clock
from seatrial.ports.executions import (
    AttemptRecord,
    CacheLookup,
    Event,
    EventKind,
    EventListener,
    ExecutionRecord,
    ExecutionStatus,
    Reuse,
    StepRecord,
    StepStatus,
)
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.records import Journal

logger = logging.getLogger(__name__)

STEP_TRANSITIONS: Mapping[StepStatus | None, frozenset[StepStatus]] = {
    None: frozenset({StepStatus.STARTING}),
    StepStatus.STARTING: frozenset(
        # To itself: a step that waits for its next attempt, and then begins it.
        {
            StepStatus.STARTING,
            StepStatus.EXECUTING,
            StepStatus.SUCCEEDED,
            StepStatus.FAILED,
            StepStatus.STOPPED,
        }
    ),
    StepStatus.EXECUTING: frozenset(
        {
            StepStatus.STARTING,
            StepStatus.STOPPING,
            StepStatus.SUCCEEDED,
            StepStatus.FAILED,
            StepStatus.STOPPED,
        }
    ),
    # A job may end by itself while it is being stopped.
    StepStatus.STOPPING: frozenset({StepStatus.STOPPED, StepStatus.SUCCEEDED, StepStatus.FAILED}),
    StepStatus.STOPPED: frozenset({StepStatus.STARTING}),
    StepStatus.FAILED: frozenset({StepStatus.STARTING}),
    StepStatus.SUCCEEDED: frozenset(),
}
EXECUTION_TRANSITIONS: Mapping[ExecutionStatus, frozenset[ExecutionStatus]] = {
    # To itself: resumed after its process died.
    ExecutionStatus.EXECUTING: frozenset(ExecutionStatus),
    ExecutionStatus.STOPPING: frozenset(
        # A function that is not done in time fails the execution that waits for it in order to stop.
        {ExecutionStatus.STOPPED, ExecutionStatus.FAILED, ExecutionStatus.EXECUTING}
    ),
    ExecutionStatus.STOPPED: frozenset({ExecutionStatus.EXECUTING}),
    ExecutionStatus.FAILED: frozenset({ExecutionStatus.EXECUTING}),
    ExecutionStatus.COMPLETED_WITH_FAILURES: frozenset({ExecutionStatus.EXECUTING}),
    ExecutionStatus.SUCCEEDED: frozenset(),
}

# Findings of the data flow and of the machine hold for one run; those of the definition and the images last.
_OBSERVED = ("ST1", "ST3")


class IllegalTransitionError(RuntimeError):
    """A change of status that cannot be: a mistake of ours."""


class ExecutionState:
    """Changed by its methods alone, in the driver's thread alone."""

    def __init__(
        self, journal: Journal, record: ExecutionRecord, clock: Clock, listener: EventListener | None = None
    ) -> None:
        self._journal = journal
        self._record = record
        self._steps = {step.name: step for step in record.steps}
        self._clock = clock
        self._listener = listener

    @property
    def record(self) -> ExecutionRecord:
        """The execution as of now; `steps` are asked for one by one, or all by `steps`."""
        return self._record

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        """Every step that ever started."""
        return tuple(self._steps.values())

    @property
    def stopping(self) -> bool:
        """Whether the execution is being stopped."""
        return self._record.status is ExecutionStatus.STOPPING

    def step(self, name: str) -> StepRecord | None:
        """The step as of now, None if it never started."""
        return self._steps.get(name)

    def starting(self, step: Step) -> StepRecord:
        """A new attempt of a step; whatever an earlier one left is no longer of this step."""
        before = self._steps.get(step.name)
        substitute = self._record.substitutes.get(step.name)
        after = StepRecord(
            step.name,
            step.type,
            StepStatus.STARTING,
            attempts=before.attempts + 1 if before else 1,
            started_at=self._clock.now(),
            earlier=(*before.earlier, _attempt_of(before)) if before else (),
            substitute=substitute.said if substitute else None,
        )
        return self._change_step(after)

    def executing(self, name: str, job: JobRequest, cache: CacheLookup | None = None) -> None:
        """The step's job is about to start; `cache` says why nothing earlier would do."""
        self._change_step(
            replace(
                self._steps[name],
                status=StepStatus.EXECUTING,
                job_name=job.name,
                # A job of no kind of AWS's has no entry there before it has ended.
                metadata=metadata_of(job),
                cache=cache,
            ),
            job=job,
        )

    def reused(self, name: str, source: StepRecord, reuse: Reuse, cache: CacheLookup | None = None) -> None:
        """The step has what it had in an earlier execution, and runs nothing."""
        self._change_step(
            replace(
                self._steps[name],
                status=StepStatus.SUCCEEDED,
                ended_at=self._clock.now(),
                exit_message=source.exit_message,
                job_name=source.job_name,
                metadata=source.metadata,
                properties=source.properties,
                result=source.result,
                reuse=reuse,
                cache=cache,
                substitute=source.substitute,
            )
        )

    def progressed(self, name: str, progress: str) -> None:
        """News of the step's job."""
        after = replace(self._steps[name], progress=progress)
        event = self._journal.step_changed(self._steps[name], after, kind=EventKind.STEP_PROGRESSED)
        self._steps[name] = after
        self._tell(event)

    def stopping_step(self, name: str) -> None:
        """The step's job was asked to stop."""
        self._change_step(replace(self._steps[name], status=StepStatus.STOPPING))

    def ended(self, name: str, attempt: int, done: Done, result: JobResult | None = None) -> bool:
        """The attempt's end; False, and nothing changes, if the step has a newer attempt or had ended."""
        before = self._steps[name]
        if before.attempts != attempt or before.status.ended:
            return False
        self._change_step(
            replace(
                before,
                status=done.status,
                ended_at=self._clock.now(),
                failure_reason=done.failure_reason,
                exit_message=done.exit_message,
                metadata=done.metadata or before.metadata,
                properties=done.properties,
                progress=done.progress,
                result=result,
            )
        )
        return True

    def waiting(
        self, name: str, done: Done, fault: str, until: datetime, result: JobResult | None = None
    ) -> None:
        """The attempt failed, and a retry policy allows another at that time."""
        before = self._steps[name]
        self._change_step(
            replace(
                before,
                status=StepStatus.STARTING,
                ended_at=self._clock.now(),
                failure_reason=done.failure_reason,
                exit_message=done.exit_message,
                progress=f"attempt {before.attempts + 1} at {until:%H:%M:%S} UTC",
                result=result,
                fault=fault,
                retry_at=until,
            )
        )

    def gave_up_waiting(self, name: str) -> None:
        """There will be no further attempt: the execution is being stopped."""
        self._change_step(replace(self._steps[name], status=StepStatus.STOPPED, progress=None, retry_at=None))

    def stop(self) -> None:
        """No step starts any more."""
        self._change(status=ExecutionStatus.STOPPING)

    def end(self, status: ExecutionStatus, failure_reason: str | None = None) -> None:
        """Nothing runs any more."""
        self._change(status=status, ended_at=self._clock.now(), failure_reason=failure_reason)

    def resume(self, engine: str, max_parallel_steps: int | None = None) -> None:
        """Go on: the end is taken back, and what was observed on the way will be observed anew."""
        lasting = tuple(found for found in self._record.findings if not found.code.startswith(_OBSERVED))
        self._change(
            status=ExecutionStatus.EXECUTING,
            ended_at=None,
            failure_reason=None,
            findings=lasting,
            engines=(*(each for each in self._record.engines if each != engine), engine),
            max_parallel_steps=max_parallel_steps or self._record.max_parallel_steps,
        )

    def found(self, findings: Sequence[Finding]) -> None:
        """What was found about the execution itself."""
        self._record = replace(self._record, findings=(*self._record.findings, *findings))
        self._tell(self._journal.findings_added(findings))

    def _change(self, **fields: Any) -> None:
        after = replace(self._record, **fields)
        if after.status not in EXECUTION_TRANSITIONS[self._record.status]:
            raise IllegalTransitionError(f"execution: {self._record.status.value} to {after.status.value}")
        event = self._journal.execution_changed(self._record, after)
        self._record = after
        self._tell(event)

    def _change_step(self, after: StepRecord, job: JobRequest | None = None) -> StepRecord:
        before = self._steps.get(after.name)
        allowed = STEP_TRANSITIONS[before.status if before else None]
        if after.type == ENDPOINT and before is not None and before.status is StepStatus.SUCCEEDED:
            allowed = allowed | {StepStatus.STARTING}  # it went with its process, and steps still ask it
        if after.status not in allowed:
            said = before.status.value if before else "nothing"
            raise IllegalTransitionError(f"step {after.name}: {said} to {after.status.value}")
        event = self._journal.step_changed(before, after, job=job)
        self._steps[after.name] = after
        self._tell(event)
        return after

    def _tell(self, event: Event) -> None:
        if self._listener is None:
            return
        try:
            self._listener(event)
        except Exception:
            # Who only listens must not be able to end the execution.
            logger.exception("a listener failed on event %s of %s", event.sequence, event.execution_id)


def _attempt_of(step: StepRecord) -> AttemptRecord:
    return AttemptRecord(
        number=step.attempts,
        job_name=step.job_name,
        started_at=step.started_at,
        ended_at=step.ended_at,
        failure_reason=step.failure_reason,
        fault=step.fault,
        retried=step.waiting,
    )
