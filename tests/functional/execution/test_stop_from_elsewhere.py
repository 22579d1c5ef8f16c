"""A stop that another process asks for, also of an execution that nobody drives any more."""

from __future__ import annotations

import pytest

from seatrial.errors import ContainerError, RecordError
from seatrial.execution import stop_abandoned
from seatrial.ports.executions import Event, ExecutionRecord, ExecutionStatus
from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.memory_engine import MemoryEngine
from tests.functional.execution.documents import output_of, pipeline, processing
from tests.functional.execution.trial import Trial, statuses

CHAIN = pipeline(processing("A"), processing("B", output_of("A")))


class Killed(BaseException):
    """The end of the driver's process, as far as a thread can have one."""


def ask(trial: Trial) -> None:
    with trial.records as records:
        records.request_stop("latest")


def test_a_request_in_the_records_stops_what_runs(trial: Trial) -> None:
    trial.engine = MemoryEngine(hold=("A",))
    wait = trial.run_aside(CHAIN)
    trial.engine.started["A"].wait(10)

    ask(trial)
    record = wait()

    assert record.status is ExecutionStatus.STOPPED
    assert statuses(record) == {"A": "Stopped"}
    assert trial.history() == ["Executing", "Stopping", "Stopped"]


def test_a_request_of_before_a_resume_is_not_heard_again(trial: Trial) -> None:
    trial.engine = MemoryEngine(hold=("A",))
    wait = trial.run_aside(CHAIN)
    trial.engine.started["A"].wait(10)
    ask(trial)
    wait()
    trial.engine = MemoryEngine()

    assert trial.resume().status is ExecutionStatus.SUCCEEDED


def test_neither_is_one_of_an_execution_that_had_no_step_yet(trial: Trial) -> None:
    trial.control.stop()
    trial.run(CHAIN)
    ask(trial)

    assert trial.resume().status is ExecutionStatus.SUCCEEDED


def abandoned(trial: Trial, at: str) -> ExecutionRecord:
    """An execution whose process died when the step got the status."""

    def die(event: Event) -> None:
        if event.step == "A" and event.detail.get("status") == at:
            raise Killed

    with pytest.raises(Killed):
        trial.run(CHAIN, listener=die)
    with trial.records as records:
        return records.latest()


@pytest.mark.parametrize("at", ["Starting", "Executing"])
def test_an_execution_that_nobody_drives_is_settled_and_swept(trial: Trial, at: str) -> None:
    lost = abandoned(trial, at)

    with trial.records as records:
        record = stop_abandoned("latest", records, trial.clock, trial.swept.append)

    assert record.status is ExecutionStatus.STOPPED
    assert record.ended_at is not None
    assert statuses(record) == {"A": "Stopped"}
    assert trial.swept == [lost.execution_id]
    assert trial.resume().status is ExecutionStatus.SUCCEEDED


def test_a_step_that_waited_for_a_retry_waits_no_longer(trial: Trial) -> None:
    def gone(request: JobRequest) -> JobResult:
        raise ContainerError("Docker Engine went away", slug="docker-gone")

    def die(event: Event) -> None:
        if event.detail.get("retry_at"):
            raise Killed

    trial.engine.answers["A"] = gone
    policies = [{"ExceptionType": ["Step.SERVICE_FAULT"], "IntervalSeconds": 3600}]
    with pytest.raises(Killed):
        trial.run(pipeline({**processing("A"), "RetryPolicies": policies}), listener=die)

    with trial.records as records:
        record = stop_abandoned("latest", records, trial.clock, trial.swept.append)

    (step,) = record.steps
    assert (step.status.value, step.retry_at, step.progress) == ("Stopped", None, None)


def test_one_that_has_ended_meanwhile_stays_as_it_is(trial: Trial) -> None:
    ended = trial.run(CHAIN)

    with trial.records as records:
        assert stop_abandoned("latest", records, trial.clock, trial.swept.append) == ended
    assert trial.swept == []


def test_one_that_somebody_drives_is_left_alone(trial: Trial) -> None:
    started = trial.start(CHAIN)

    with trial.records as records, records.drive("latest"), pytest.raises(RecordError, match="being run by"):
        stop_abandoned("latest", records, trial.clock, trial.swept.append)
    with trial.records as records:
        assert records.latest() == started
