"""Messages and answers: sent once, answered once, kept through crash and rebuild."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.errors import RecordError
from seatrial.ports.callbacks import Answer, Callback
from seatrial.ports.executions import ExecutionStatus, StepRecord, StepStatus
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.unit.records.values import an_execution as execution

FIRST = "aaaaaaaaaa"
OUTPUTS = [{"OutputName": "rows", "OutputType": "Integer"}]


@pytest.fixture
def records(records: Records) -> Records:
    records.create(execution())
    return records


def send(records: Records, token: str = FIRST, step: str = "Ask") -> Callback:
    return records.callbacks.send(execution().execution_id, step, token, "https://queue", {"n": 1}, OUTPUTS)


def test_the_message_is_the_body_that_a_queue_would_get(records: Records) -> None:
    sent = send(records)
    assert sent.message() == {
        "token": "aaaaaaaaaa",
        "pipelineExecutionArn": execution().arn,
        "arguments": {"n": 1},
        "status": "Executing",
    }
    assert sent.message("Stopping")["status"] == "Stopping"
    assert records.callbacks.waiting() == [sent]


def test_an_answer_counts_once(records: Records) -> None:
    send(records)
    answered = records.callbacks.answer("aaaaaaaaaa", Answer({"rows": 3}))
    assert answered.answer == Answer({"rows": 3})
    assert records.callbacks.waiting() == []
    with pytest.raises(RecordError, match="has been answered: success"):
        records.callbacks.answer("aaaaaaaaaa", Answer(failure_reason="no"))


def test_a_failure_without_a_reason_is_told_as_one(records: Records) -> None:
    send(records)
    records.callbacks.answer("aaaaaaaaaa", Answer(failure_reason=""))
    with pytest.raises(RecordError, match=r"has been answered: failure$"):
        records.callbacks.answer("aaaaaaaaaa", Answer())


def test_an_unknown_token_is_told_beside_those_that_wait(records: Records) -> None:
    send(records)
    with pytest.raises(RecordError) as unknown:
        records.callbacks.answer("bbbbbbbbbb", Answer())
    assert (unknown.value.slug, unknown.value.hint) == ("unknown-token", "there wait: aaaaaaaaaa (Ask)")


def test_an_execution_that_has_ended_takes_no_answer(records: Records) -> None:
    send(records)
    with records.drive(execution().execution_id) as journal:
        now = execution()
        journal.execution_changed(now, replace(now, status=ExecutionStatus.STOPPED, ended_at=now.started_at))
    assert records.callbacks.waiting() == []
    with pytest.raises(RecordError, match="is Stopped: it waits for no answer"):
        records.callbacks.answer("aaaaaaaaaa", Answer())


@pytest.mark.parametrize("answered", [False, True])
def test_a_step_whose_attempt_was_cut_short_has_the_message_that_it_had(
    records: Records, answered: bool
) -> None:
    send(records)
    if answered:
        records.callbacks.answer("aaaaaaaaaa", Answer({"rows": 3}))
    again = send(records, "bbbbbbbbbb")
    assert again.token == "aaaaaaaaaa"
    assert (again.answer is not None) is answered
    assert send(records, "cccccccccc", "Other").token == "cccccccccc"


def test_a_step_that_ended_by_its_answer_asks_anew(records: Records, tmp_path: Path) -> None:
    send(records)
    records.callbacks.answer("aaaaaaaaaa", Answer(failure_reason="no"))
    job = JobRequest("Callback", "job-1", "arn:job-1", {}, execution().execution_id, "Ask", 1, tmp_path)
    with records.drive(execution().execution_id) as journal:
        begun = StepRecord("Ask", "Callback", StepStatus.EXECUTING, job_name="job-1")
        journal.step_changed(None, begun, job=job)
        told = {"CallbackToken": "aaaaaaaaaa", "CallbackJobStatus": "Failed"}
        journal.step_changed(begun, replace(begun, status=StepStatus.FAILED, result=JobResult(describe=told)))
    assert send(records, "bbbbbbbbbb").token == "bbbbbbbbbb"


def test_both_are_there_after_a_crash_and_can_be_derived_again(path: Path, records: Records) -> None:
    send(records)
    send(records, "bbbbbbbbbb", "Other")
    answered = records.callbacks.answer("aaaaaaaaaa", Answer({"rows": 3}))
    records.close()
    with Records(path, StillClock()) as opened:
        opened.rebuild()
        assert opened.callbacks.find("aaaaaaaaaa") == answered
        assert [each.token for each in opened.callbacks.waiting()] == ["bbbbbbbbbb"]
