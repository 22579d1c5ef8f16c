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


@pytest.fixture
def tuned(settings: Settings) -> Parts:
    """A tuning step with two training jobs, of which one has not printed anything yet."""
    parts = Parts(settings, print)
    begun = an_execution()
    parts.records.create(begun)
    with parts.records.drive(begun.execution_id) as journal:
        journal.step_changed(None, StepRecord("Tune", "Tuning", StepStatus.EXECUTING, attempts=1))
    folder = attempt_folder(settings, begun.execution_id, "Tune", 1)
    for name in ("t-001-aaaaaaaa", "t-002-bbbbbbbb"):
        (folder / "training-jobs" / name).mkdir(parents=True)
    for log in (folder / "log.txt", folder / "training-jobs" / "t-001-aaaaaaaa" / "log.txt"):
        log.write_text("ahoy\n")
    return parts


@pytest.mark.parametrize("job", ["1", "001", "t-001-aaaaaaaa"])
def test_a_training_job_of_a_tuning_step_has_a_log_of_its_own(tuned: Parts, job: str) -> None:
    log = log_of(tuned, "latest", "Tune", part=job)
    assert log.parent.name == "t-001-aaaaaaaa"


@pytest.mark.parametrize("job", ["2", "3", "t"])
def test_a_job_without_a_log_is_told_with_those_that_there_are(tuned: Parts, job: str) -> None:
    with pytest.raises(RecordError, match=f"no log of a job '{job}'") as refused:
        log_of(tuned, "latest", "Tune", part=job)
    assert refused.value.hint == "it has t-001-aaaaaaaa, t-002-bbbbbbbb"
