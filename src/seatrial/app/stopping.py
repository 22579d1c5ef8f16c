"""Stops an execution that another process drives, or that lost its process."""

from __future__ import annotations

from functools import partial

from seatrial.app.callbacks import how_to_answer
from seatrial.app.leftovers import sweep
from seatrial.app.parts import Parts
from seatrial.errors import RefusedError
from seatrial.execution import stop_abandoned
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus

POLL_SECONDS = 0.3
# Between the first record of an execution and its driver's lease there is a moment.
_PATIENCE_SECONDS = 2.0


def stop(parts: Parts, wanted: str, *, wait: bool = True) -> ExecutionRecord:
    """Ask for the stop, and wait until it has come about; the execution as it then is."""
    record = parts.records.execution(wanted)
    driver = parts.records.driver(record.execution_id)
    if record.ended_at is not None and driver is None:
        raise RefusedError(
            f"execution {record.execution_id} is {record.status.value}: it has ended",
            slug="has-ended",
            where=record.arn,
            hint="nothing is left to stop; `seatrial status` lists what still runs",
        )
    parts.records.request_stop(record.execution_id)
    _tell_of_answers(parts, record)
    asked, alone = driver, 0.0
    while record.ended_at is None or driver is not None:
        if driver is not None:
            if driver != asked:  # it took over after our word, which it need not have heard
                parts.records.request_stop(record.execution_id)
            asked, alone = driver, 0.0
            if not wait:
                return record
        elif alone >= _PATIENCE_SECONDS:
            return stop_abandoned(record.execution_id, parts.records, parts.clock, partial(sweep, parts))
        parts.clock.sleep(POLL_SECONDS)
        alone += POLL_SECONDS
        record = parts.records.execution(record.execution_id)
        driver = parts.records.driver(record.execution_id)
    return record


def _tell_of_answers(parts: Parts, record: ExecutionRecord) -> None:
    """The stop waits for the answers of Callback steps, which may never come; said when first asked."""
    if record.status is ExecutionStatus.STOPPING:
        return
    for callback in parts.records.callbacks.waiting():
        if callback.execution_id == record.execution_id:
            parts.say(
                f"step {callback.step_name} waits for an answer: {how_to_answer(callback)}; "
                "to wait for none, type seatrial stop once more"
            )
