"""What a driver that died left behind in the records: attempts without an end, an execution without one."""

from __future__ import annotations

from collections.abc import Callable

from seatrial.execution.state import ExecutionState
from seatrial.execution.steps.step_type import Done
from seatrial.ports.clock import Clock
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepStatus
from seatrial.records import Records

CUT_SHORT = "the process that ran this step ended before the step did"


def settle_cut_short(state: ExecutionState) -> None:
    """Give every attempt that was running its end; a step that waits for a retry still waits."""
    for step in state.steps:
        if not step.status.ended and not step.waiting:
            state.ended(step.name, step.attempts, Done(StepStatus.STOPPED, failure_reason=CUT_SHORT))


def stop_abandoned(
    wanted: str, records: Records, clock: Clock, sweep: Callable[[str], object]
) -> ExecutionRecord:
    """Stop an execution that nobody drives any more: `sweep` removes what still runs of it.

    Of one that somebody drives, or that has ended meanwhile, nothing is changed.
    """
    with records.drive(wanted) as journal:
        record = records.execution(journal.execution_id)
        if record.ended_at is None:
            sweep(record.execution_id)
            state = ExecutionState(journal, record, clock)
            if not state.stopping:
                state.stop()
            settle_cut_short(state)
            for step in state.steps:
                if step.waiting:
                    state.gave_up_waiting(step.name)
            state.end(ExecutionStatus.STOPPED)
    return records.execution(journal.execution_id)
