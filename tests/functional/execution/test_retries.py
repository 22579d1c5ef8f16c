"""Retry policies at work: waiting, trying again, giving up; stopped and resumed while waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from seatrial.errors import ContainerError, StorageError
from seatrial.execution import attempt_folder
from seatrial.ports.executions import Event, ExecutionRecord, ExecutionStatus, StepRecord
from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import completed, failed
from tests.functional.execution.documents import output_of, pipeline, processing
from tests.functional.execution.trial import Trial, statuses

SERVICE, INTERNAL = "Step.SERVICE_FAULT", "SageMaker.JOB_INTERNAL_ERROR"
LOST = "InternalServerError: the exit status of the container was lost: it was removed"
GONE = ContainerError("Docker Engine went away", slug="docker-gone", hint="start it")


def retrying(name: str, *policies: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**processing(name, **more), "RetryPolicies": list(policies)}


def policy(*kinds: str, **more: Any) -> dict[str, Any]:
    return {"ExceptionType": list(kinds), **more}


def times(count: int, trouble: Callable[[JobRequest], JobResult]) -> Callable[[JobRequest], JobResult]:
    """So many attempts in trouble, then a good one."""
    return lambda request: trouble(request) if request.attempt <= count else completed(request)


def gone(request: JobRequest) -> JobResult:
    raise GONE


def lost(request: JobRequest) -> JobResult:
    return failed(request, LOST)


def step(record: ExecutionRecord, name: str = "A") -> StepRecord:
    found = record.step(name)
    assert found is not None
    return found


def test_a_fault_of_docker_or_the_store_is_retried_and_leaves_no_finding(trial: Trial) -> None:
    trial.engine.answers["A"] = times(2, gone)

    record = trial.run(
        pipeline(retrying("A", policy(SERVICE, IntervalSeconds=10)), processing("B", output_of("A")))
    )

    assert statuses(record) == {"A": "Succeeded", "B": "Succeeded"}
    assert (step(record).attempts, step(record).failure_reason, step(record).retry_at) == (3, None, None)
    assert record.findings == ()
    assert trial.history("A") == [
        *("Starting", "Executing", "Starting", "Executing"),
        *("Starting", "Executing", "Succeeded"),
    ]


def test_each_attempt_is_a_job_of_its_own_and_stays_in_the_records(trial: Trial) -> None:
    trial.engine.answers["A"] = times(1, lost)

    record = trial.run(pipeline(retrying("A", policy(INTERNAL, IntervalSeconds=4))))

    first, second = trial.engine.requests
    assert first.name != second.name
    assert [request.folder for request in (first, second)] == [
        attempt_folder(trial.settings, record.execution_id, "A", number) for number in (1, 2)
    ]
    (earlier,) = step(record).earlier
    assert (earlier.number, earlier.job_name, earlier.fault, earlier.retried) == (
        1,
        first.name,
        INTERNAL,
        True,
    )
    assert earlier.failure_reason == f"ClientError: {LOST}"
    with trial.records as records:
        kept = records.job(first.name).result
        assert kept is not None
        assert kept.describe["FailureReason"] == LOST


def test_the_wait_grows_with_each_attempt(trial: Trial) -> None:
    trial.engine.answers["A"] = times(3, gone)

    record = trial.run(pipeline(retrying("A", policy(SERVICE, IntervalSeconds=60, BackoffRate=3))))

    starts = [attempt.started_at for attempt in step(record).earlier] + [step(record).started_at]
    ends = [attempt.ended_at for attempt in step(record).earlier]
    waits = [start - end for start, end in zip(starts[1:], ends, strict=True) if start and end]
    assert [round(each / timedelta(minutes=1)) for each in waits] == [1, 3, 9]


def test_after_the_last_attempt_the_step_fails_with_its_reason_and_the_finding(trial: Trial) -> None:
    trial.engine.answers["A"] = gone

    record = trial.run(pipeline(retrying("A", policy(SERVICE, MaxAttempts=2))))

    assert (step(record).attempts, step(record).status.value) == (3, "Failed")
    assert step(record).failure_reason == "Docker Engine went away (start it)"
    assert [found.code for found in record.findings] == ["ST301"]
    assert record.status is ExecutionStatus.FAILED


def test_a_policy_that_expired_makes_no_further_attempt(trial: Trial) -> None:
    trial.engine.answers["A"] = gone

    record = trial.run(pipeline(retrying("A", policy(SERVICE, IntervalSeconds=50, ExpireAfterMin=3))))

    assert step(record).attempts == 3  # waits of 50 and 100 seconds; one of 200 would be too late


@pytest.mark.parametrize(
    "trouble",
    [failed, lambda request: failed(request, "AlgorithmError: InternalServerError, exit code: 1")],
    ids=["an exit code", "words of the script's own"],
)
def test_a_scripts_own_failure_is_never_retried(
    trial: Trial, trouble: Callable[[JobRequest], JobResult]
) -> None:
    trial.engine.answers["A"] = trouble

    record = trial.run(pipeline(retrying("A", policy(SERVICE, INTERNAL))))

    assert (step(record).attempts, statuses(record)) == (1, {"A": "Failed"})


def test_trouble_before_the_job_is_retried_too(trial: Trial) -> None:
    reads: list[str] = []

    def read(uri: object) -> bytes:
        reads.append(str(uri))
        if len(reads) == 1:
            raise StorageError("the store went away", slug="store-gone")
        return b'{"depth": 3}'

    trial._read = read  # type: ignore[method-assign,assignment]  # a store that fails once
    value = {"Std:JsonGet": {"S3Uri": {"Std:Join": {"On": "", "Values": ["s3://b/x.json"]}}, "Path": "depth"}}
    text = {"Std:Join": {"On": "", "Values": [value]}}

    record = trial.run(pipeline(retrying("A", policy(SERVICE), arguments=[text])))

    assert (step(record).attempts, statuses(record)) == (2, {"A": "Succeeded"})
    assert trial.history("A") == ["Starting", "Executing", "Succeeded"]


def test_without_a_policy_the_setting_decides_on_faults_of_the_service(trial: Trial) -> None:
    trial.engine.answers["A"] = gone
    assert step(trial.run(pipeline(processing("A")))).attempts == 1

    trial.retry_service_faults = True
    assert step(trial.run(pipeline(processing("A")))).attempts == 6


class HeldClock(StillClock):
    """Whoever sleeps waits until the test lets time pass."""

    def __init__(self) -> None:
        super().__init__(tick=0.001)
        self.asleep, self.go = threading.Event(), threading.Event()

    def sleep(self, seconds: float) -> None:
        self.asleep.set()
        self.go.wait(10)
        super().sleep(seconds)


WAITING = pipeline(retrying("A", policy(SERVICE, IntervalSeconds=3600)), processing("B", output_of("A")))


def test_other_steps_run_while_one_waits(trial: Trial) -> None:
    clock = HeldClock()
    trial.clock, trial.jobs = clock, 1
    trial.engine.answers["A"] = times(1, gone)
    wait = trial.run_aside(pipeline(retrying("A", policy(SERVICE)), processing("C")))
    assert clock.asleep.wait(10)
    trial.wait_until("C", "Succeeded")
    clock.go.set()

    assert statuses(wait()) == {"A": "Succeeded", "C": "Succeeded"}
    assert trial.asked() == ["A", "C", "A"]


def test_a_stop_ends_the_wait(trial: Trial) -> None:
    clock = HeldClock()
    trial.clock = clock
    trial.engine.answers["A"] = gone
    wait = trial.run_aside(WAITING)
    assert clock.asleep.wait(10)

    trial.control.stop()
    record = wait()
    clock.go.set()

    assert record.status is ExecutionStatus.STOPPED
    assert statuses(record) == {"A": "Stopped"}
    assert step(record).retry_at is None
    assert step(record).failure_reason == "Docker Engine went away (start it)"

    trial.engine.answers["A"] = times(2, gone)
    resumed = trial.resume()
    assert statuses(resumed) == {"A": "Succeeded", "B": "Succeeded"}
    assert [attempt.retried for attempt in step(resumed).earlier] == [False, True]


class Killed(BaseException):
    """The end of the driver's process, as far as a thread can have one."""


def test_a_process_that_dies_while_a_step_waits_leaves_a_wait_that_resume_goes_on_with(trial: Trial) -> None:
    clock = HeldClock()
    trial.clock = clock
    trial.engine.answers["A"] = times(2, gone)

    def die(event: Event) -> None:
        if event.detail.get("retry_at"):
            raise Killed

    with pytest.raises(Killed):
        trial.run(WAITING, listener=die)
    with trial.records as records:
        waiting = step(records.latest())
    assert (waiting.status.value, waiting.attempts) == ("Starting", 1)
    assert waiting.retry_at is not None
    assert waiting.progress == f"attempt 2 at {waiting.retry_at:%H:%M:%S} UTC"

    clock.go.set()
    record = trial.resume()

    assert statuses(record) == {"A": "Succeeded", "B": "Succeeded"}
    second = step(record).earlier[1]
    assert second.started_at is not None
    assert timedelta(0) <= second.started_at - waiting.retry_at < timedelta(seconds=2)
    assert [attempt.retried for attempt in step(record).earlier] == [True, True]


def test_no_thread_outlives_a_stopped_wait_for_long(trial: Trial) -> None:
    trial.clock = Unhurried()
    trial.engine.answers["A"] = gone
    wait = trial.run_aside(WAITING)
    deadline = time.monotonic() + 10
    while not _waiters() and time.monotonic() < deadline:
        time.sleep(0.01)
    trial.control.stop()
    wait()

    while _waiters() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _waiters() == []


class Unhurried(StillClock):
    """A piece of sleep takes a moment, and no time passes in it."""

    def sleep(self, seconds: float) -> None:
        time.sleep(0.01)


def _waiters() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "wait for a retry"]
