"""Which file is the log of a step, and what is said where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.app.logs import log_of
from seatrial.app.parts import Parts
from seatrial.errors import RecordError
from seatrial.execution import attempt_folder
from seatrial.ports.executions import Reuse, ReuseKind, StepRecord, StepStatus
from seatrial.settings import Settings
from tests.unit.records.values import an_execution


@pytest.mark.parametrize("attempt", [None, 2])
def test_a_step_that_was_taken_over_has_no_log_but_its_earlier_attempts_do(
    settings: Settings, attempt: int | None
) -> None:
    parts = Parts(settings, print)
    begun = an_execution()
    parts.records.create(begun)
    source = replace(begun, execution_id="source000001", arn=f"{begun.pipeline_arn}/execution/source000001")
    reuse = Reuse(ReuseKind.CACHE, source.arn)
    with parts.records.drive(begun.execution_id) as journal:
        journal.step_changed(
            None, StepRecord("Train", "Training", StepStatus.SUCCEEDED, attempts=2, reuse=reuse)
        )
    log = attempt_folder(settings, begun.execution_id, "Train", 1) / "log.txt"
    log.parent.mkdir(parents=True)
    log.write_text("ahoy\n")

    assert log_of(parts, begun.execution_id, "Train", 1) == log
    with pytest.raises(RecordError, match="ran nothing: its outcome is that of execution source000001"):
        log_of(parts, begun.execution_id, "Train", attempt)
