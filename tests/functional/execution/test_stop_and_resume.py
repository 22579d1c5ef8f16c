"""Stopped, failed or killed at any moment: what is finished is kept, and the rest runs again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.errors import ContainerError, RecordError, RefusedError
from seatrial.execution import Control, ExecutionServices, resume_execution, scheduler
from seatrial.ports.executions import Event, ExecutionRecord, ExecutionStatus, StepStatus
from seatrial.ports.jobs import JobProgress
from seatrial.records import ModelRegistry, Records
from tests.adapters.memory_engine import MemoryEngine, completed, failed
from tests.functional.execution.documents import (
    at_least,
    condition,
    fail,
    json_get,
    model_of,
    output_of,
    pipeline,
    processing,
    register,
    report,
    training,
)
from tests.functional.execution.trial import Trial, statuses

SIX_STEPS = pipeline(
    processing("Preprocess", "s3://bucket/raw"),
    training("Train", output_of("Preprocess")),
    processing("Evaluate", model_of("Train"), files=[report()]),
    processing("Report", model_of("Train")),
    condition(
        "Good",
        [at_least(json_get("Evaluate", "auc"), 0.5)],
        [register("Register", model_of("Train"))],
        [fail("Bad", "bad")],
    ),
)
NAMES = ["Preprocess", "Train", "Evaluate", "Report", "Good", "Register"]
CHAIN = pipeline(processing("A"), processing("B", output_of("A")), processing("C", output_of("B")))


class Killed(BaseException):
    """The end of the driver's process, as far as a thread can have one."""


@pytest.fixture
def trial(trial: Trial) -> Trial:
    trial.objects["s3://bucket/Evaluate/out/evaluation.json"] = b'{"auc": 0.9}'
    return trial


class TestStop:
    def test_ends_running_jobs_and_starts_no_more(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("B",))
        wait = trial.run_aside(CHAIN)
        trial.engine.started["B"].wait(10)

        trial.control.stop()
        record = wait()

        assert record.status is ExecutionStatus.STOPPED
        assert statuses(record) == {"A": "Succeeded", "B": "Stopped"}
        assert trial.history() == ["Executing", "Stopping", "Stopped"]
        assert trial.history("B") == ["Starting", "Executing", "Stopping", "Stopped"]
        assert set(trial.engine.stopped) == {trial.request("B").name}

    def test_before_anything_started_starts_nothing(self, trial: Trial) -> None:
        trial.control.stop()

        record = trial.run(CHAIN)

        assert record.status is ExecutionStatus.STOPPED
        assert record.steps == ()

    def test_of_a_job_that_waits_for_a_worker_never_runs_it(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("A",))
        with ThreadPoolExecutor(1) as one_worker:
            wait = trial.run_aside(pipeline(processing("A"), processing("B")), one_worker)
            trial.engine.started["A"].wait(10)
            trial.wait_until("B", "Executing")
            trial.control.stop()
            record = wait()

        assert statuses(record) == {"A": "Stopped", "B": "Stopped"}
        assert trial.asked() == ["A"]
        assert trial.history("B") == ["Starting", "Executing", "Stopped"]

    def test_between_two_steps_is_not_taken_for_the_end(self, trial: Trial) -> None:
        document = pipeline(condition("Choose", [at_least(2, 1)], [processing("Then")]))

        record = trial.run(document, listener=lambda event: trial.control.stop() if event.step else None)

        assert record.status is ExecutionStatus.STOPPED
        assert statuses(record) == {"Choose": "Succeeded"}
        assert trial.history() == ["Executing", "Stopping", "Stopped"]
        assert trial.resume().status is ExecutionStatus.SUCCEEDED

    def test_asks_again_for_a_job_that_had_not_reached_its_engine(self, trial: Trial) -> None:
        deaf = DeafAtFirst(hold=("B",))
        trial.engine = deaf
        wait = trial.run_aside(CHAIN)
        deaf.started["B"].wait(10)

        trial.control.stop()

        assert wait().status is ExecutionStatus.STOPPED
        assert deaf.asked > 1

    def test_of_the_driver_itself_lets_go_of_what_cannot_be_stopped_before_it_waits(
        self, trial: Trial
    ) -> None:
        trial.engine = MemoryEngine(hold=("B",))
        trial.engine.stop = lambda job_name: None  # type: ignore[method-assign]  # as a function that runs
        trial.release = lambda execution_id: trial.engine.release("B")

        def end(event: Event) -> None:
            if (event.step, event.detail.get("status")) == ("A", "Succeeded"):
                trial.engine.started["B"].wait(10)
                raise Killed

        began = time.monotonic()
        with pytest.raises(Killed):
            trial.run(pipeline(processing("B"), processing("A")), listener=end)
        assert time.monotonic() - began < 10

    def test_of_a_job_that_ends_by_itself_meanwhile_keeps_its_success(self, trial: Trial) -> None:
        trial.engine = MemoryEngine({"B": completed}, hold=("B",))
        trial.engine.stop = lambda job_name: trial.engine.release("B")  # type: ignore[method-assign]  # too late to stop
        wait = trial.run_aside(CHAIN)
        trial.engine.started["B"].wait(10)
        trial.control.stop()

        record = wait()

        assert record.status is ExecutionStatus.STOPPED
        assert statuses(record) == {"A": "Succeeded", "B": "Succeeded"}
        assert trial.history("B") == ["Starting", "Executing", "Stopping", "Succeeded"]

    def test_can_be_resumed(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("B",))
        wait = trial.run_aside(CHAIN)
        trial.engine.started["B"].wait(10)
        trial.control.stop()
        wait()
        trial.engine = MemoryEngine()

        record = trial.resume()

        assert record.status is ExecutionStatus.SUCCEEDED
        assert trial.asked() == ["B", "C"]
        assert [(step.name, step.attempts) for step in record.steps] == [("A", 1), ("B", 2), ("C", 1)]
        assert trial.history() == ["Executing", "Stopping", "Stopped", "Executing", "Succeeded"]
        assert trial.history("B")[-3:] == ["Starting", "Executing", "Succeeded"]


class DeafAtFirst(MemoryEngine):
    """Hears only the second call to stop."""

    asked = 0

    def stop(self, job_name: str) -> None:
        self.asked += 1
        if self.asked > 1:
            super().stop(job_name)


class TestResume:
    def test_after_a_failure_keeps_what_succeeded_and_runs_the_rest_again(self, trial: Trial) -> None:
        trial.engine.answers["Train"] = failed
        first = trial.run(SIX_STEPS)
        trial.engine.answers.clear()

        record = trial.resume()

        assert record.status is ExecutionStatus.SUCCEEDED
        assert record.failure_reason is None
        assert trial.asked() == ["Preprocess", "Train", "Train", "Evaluate", "Report"]
        assert record.step("Preprocess") == first.step("Preprocess")
        train = record.step("Train")
        assert train is not None
        assert (train.attempts, train.failure_reason) == (2, None)
        assert [request.attempt for request in trial.engine.requests if request.step_name == "Train"] == [
            1,
            2,
        ]
        assert trial.history() == ["Executing", "Failed", "Executing", "Succeeded"]
        assert trial.history("Train") == [
            *("Starting", "Executing", "Failed"),
            *("Starting", "Executing", "Succeeded"),
        ]

    def test_gives_each_attempt_a_job_and_a_folder_of_its_own(self, trial: Trial) -> None:
        trial.engine.answers["A"] = failed
        trial.run(CHAIN)
        trial.engine.answers.clear()
        trial.resume()

        first, second = [request for request in trial.engine.requests if request.step_name == "A"]
        assert first.name != second.name
        assert [request.folder.name for request in (first, second)] == ["attempt-1", "attempt-2"]
        assert (first.folder / "log.txt").exists()

    def test_keeps_what_a_condition_decided(self, trial: Trial) -> None:
        trial.engine.answers["Then"] = failed
        document = pipeline(
            processing("Evaluate", files=[report()]),
            condition(
                "Choose",
                [at_least(json_get("Evaluate", "auc"), 0.5)],
                [processing("Then")],
                [processing("Else")],
            ),
        )
        trial.run(document)
        trial.objects["s3://bucket/Evaluate/out/evaluation.json"] = b'{"auc": 0.1}'
        trial.engine.answers.clear()

        record = trial.resume()

        assert statuses(record) == {"Evaluate": "Succeeded", "Choose": "Succeeded", "Then": "Succeeded"}

    def test_of_what_succeeded_is_refused(self, trial: Trial) -> None:
        trial.run(CHAIN)

        with pytest.raises(RefusedError, match="has succeeded"):
            trial.resume()

    def test_of_what_a_fail_step_ended_is_refused(self, trial: Trial) -> None:
        trial.run(pipeline(fail("Bad", "no good")))

        with pytest.raises(RefusedError, match="ended by its Fail step 'Bad'"):
            trial.resume()

        assert trial.history() == ["Executing", "Failed"]

    def test_of_what_runs_elsewhere_is_refused(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("A",))
        wait = trial.run_aside(CHAIN)
        trial.engine.started["A"].wait(10)

        with pytest.raises(RecordError, match="is being run by process"):
            trial.resume()

        trial.engine.release("A")
        assert wait().status is ExecutionStatus.SUCCEEDED

    def test_of_what_never_began_runs_it(self, trial: Trial) -> None:
        trial.start(CHAIN)

        assert trial.resume().status is ExecutionStatus.SUCCEEDED


class TestKilled:
    """The driver dies right after each event that a six-step execution has, in turn."""

    EVENTS = 17

    @pytest.mark.parametrize("survived", range(1, EVENTS + 1))
    def test_at_any_event_goes_on_to_the_same_end(self, trial: Trial, survived: int) -> None:
        trial.jobs = 1
        self._run_until(trial, survived)
        before = self._record(trial)
        succeeded = {step.name for step in before.steps if step.status.value == "Succeeded"}
        asked_before = trial.asked()

        if before.status is ExecutionStatus.SUCCEEDED:
            assert survived == self.EVENTS
            return
        record = trial.resume()

        assert statuses(record) == dict.fromkeys(NAMES, "Succeeded")
        assert record.status is ExecutionStatus.SUCCEEDED
        assert not succeeded & set(trial.asked()[len(asked_before) :])
        for name in succeeded:
            assert record.step(name) == before.step(name)
        with trial.records as records:
            assert len(records.model_registry.packages()) == 1
            assert all(job.result is not None for job in records.jobs(record.execution_id)[-1:])

    def test_has_as_many_events_as_are_tried(self, trial: Trial) -> None:
        heard: list[Event] = []
        trial.jobs = 1

        trial.run(SIX_STEPS, listener=heard.append)

        assert len([event for event in heard if event.kind != "StepProgressed"]) == self.EVENTS

    def test_and_a_machine_that_cannot_sweep_leaves_the_execution_as_it_was(
        self, trial: Trial, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_docker(self: Trial, records: Records) -> ExecutionServices:
            return replace(services(self, records), sweep=_no_docker)

        self._run_until(trial, 5)
        before = self._record(trial)
        services = Trial.services
        monkeypatch.setattr(Trial, "services", no_docker)
        with pytest.raises(ContainerError):
            trial.resume()
        monkeypatch.undo()

        assert self._record(trial) == before
        assert trial.resume().status is ExecutionStatus.SUCCEEDED

    def test_twice_goes_on_all_the_same(self, trial: Trial) -> None:
        self._run_until(trial, 5)
        with pytest.raises(Killed):
            trial.resume(listener=_killer(3))

        assert trial.resume().status is ExecutionStatus.SUCCEEDED

    def test_right_after_a_registration_does_not_register_twice(
        self, trial: Trial, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create = ModelRegistry.create_package

        def create_and_die(*given: Any, **named: Any) -> None:
            create(*given, **named)
            raise Killed

        monkeypatch.setattr(ModelRegistry, "create_package", create_and_die)
        with pytest.raises(Killed):
            trial.run(SIX_STEPS)
        monkeypatch.undo()

        record = trial.resume()

        register = record.step("Register")
        assert register is not None
        assert (register.attempts, register.properties["ModelPackageVersion"]) == (2, 1)
        with trial.records as records:
            assert len(records.model_registry.packages()) == 1

    def test_leaves_no_job_running_behind_the_driver(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("B",))
        document = pipeline(processing("A"), processing("B"))
        trial.engine.answers["A"] = lambda request: (
            completed(request) if trial.engine.started["B"].wait(10) else failed(request)
        )

        with pytest.raises(Killed):
            trial.run(document, listener=lambda event: _die_if(event.step == "A" and _ended(event)))

        assert trial.engine.stopped == [trial.request("B").name]

    def test_gives_up_on_a_job_that_does_not_end(self, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(scheduler, "_MARGIN_SECONDS", 0.1)
        trial.stop_grace_seconds = 0.1
        trial.engine = MemoryEngine(hold=("B",))
        trial.engine.stop = lambda job_name: None  # type: ignore[method-assign]  # what a hanging engine does
        document = pipeline(processing("A"), processing("B"))
        trial.engine.answers["A"] = lambda request: (
            completed(request) if trial.engine.started["B"].wait(10) else failed(request)
        )

        with pytest.raises(Killed):
            trial.run(document, listener=lambda event: _die_if(event.step == "A" and _ended(event)))

        trial.engine.release("B")
        step = self._record(trial).step("B")
        assert step is not None
        assert step.status is StepStatus.EXECUTING

    def test_says_of_the_attempt_that_was_cut_short_why_it_ended(self, trial: Trial) -> None:
        with pytest.raises(Killed):
            trial.run(CHAIN, listener=lambda event: _die_if(event.detail.get("status") == "Executing"))
        trial.resume()

        assert trial.history("A") == [
            *("Starting", "Executing", "Stopped"),
            *("Starting", "Executing", "Succeeded"),
        ]
        assert trial.swept == ["exec00000001"]
        with trial.records as records:
            events = records.events("exec00000001")
        reasons = [event.detail.get("failure_reason") for event in events if event.step == "A"]
        assert "the process that ran this step ended before the step did" in reasons

    def _run_until(self, trial: Trial, survived: int) -> None:
        try:
            trial.run(SIX_STEPS, listener=_killer(survived))
        except Killed:
            return

    def _record(self, trial: Trial) -> ExecutionRecord:
        with trial.records as records:
            return records.latest()


def _killer(survived: int):  # type: ignore[no-untyped-def]  # a listener made of a counter
    heard: list[Event] = []

    def listen(event: Event) -> None:
        if event.kind != "StepProgressed":
            heard.append(event)
        _die_if(len(heard) == survived)

    return listen


def _no_docker(execution_id: str) -> None:
    raise ContainerError("no Docker Engine answers", slug="docker-gone")


def _die_if(now: bool) -> None:
    if now:
        raise Killed


def _ended(event: Event) -> bool:
    return event.detail.get("status") == "Succeeded"


DRIVER = """
import sys, time
from pathlib import Path
from typing import Any
from tests.functional.execution.test_stop_and_resume import CHAIN
from tests.functional.execution.trial import Trial
from tests.adapters.memory_engine import MemoryEngine
trial = Trial(Path(sys.argv[1]), MemoryEngine(hold=("B",)))
trial.run(CHAIN, listener=lambda event: print(event.step, event.detail.get("status"), flush=True))
"""


def test_a_killed_process_leaves_an_execution_that_another_one_finishes(trial: Trial, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as driver:
        assert driver.stdout is not None
        assert any(line == "B Executing\n" for line in driver.stdout)
        os.kill(driver.pid, signal.SIGKILL)
    with trial.records as records:
        assert records.latest().status is ExecutionStatus.EXECUTING
        assert records.driver("latest") is None
    trial.ids.suffix()
    trial.ids.suffix()

    record = trial.resume()

    assert record.status is ExecutionStatus.SUCCEEDED
    assert trial.asked() == ["B", "C"]
    assert [(step.name, step.attempts) for step in record.steps] == [("A", 1), ("B", 2), ("C", 1)]


def test_two_resumes_at_once_are_one(trial: Trial) -> None:
    trial.engine.answers["A"] = failed
    trial.run(CHAIN)
    trial.engine = MemoryEngine(hold=("A",))
    with (
        trial.records as records,
        records.drive("latest"),
        trial.records as other,
        pytest.raises(RecordError, match="is being run by"),
    ):
        resume_execution("latest", trial.services(other), control=Control())

    assert trial.asked() == []


class TestProgress:
    def test_of_a_job_becomes_the_steps(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("A",))
        wait = trial.run_aside(CHAIN)
        trial.engine.started["A"].wait(10)
        name = trial.request("A").name
        trial.control.progress(JobProgress(name, "Downloading", bytes_in=12_345_678))
        self._until(trial, "Downloading (12 MB in)")
        trial.engine.release("A")

        record = wait()

        assert "Downloading (12 MB in)" in trial.progress("A")
        assert [step.progress for step in record.steps] == [None, None, None]

    def test_however_fast_does_not_flood_the_records(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("A",))
        wait = trial.run_aside(CHAIN)
        trial.engine.started["A"].wait(10)
        name = trial.request("A").name
        for count in range(20_000):
            trial.control.progress(JobProgress(name, "Uploading", bytes_out=count))
        trial.engine.release("A")
        wait()

        assert len(trial.progress("A")) < 50

    def test_of_a_job_that_nobody_knows_is_nothing(self, trial: Trial) -> None:
        trial.control.progress(JobProgress("unknown", "Training"))

        assert trial.run(CHAIN).status is ExecutionStatus.SUCCEEDED

    def _until(self, trial: Trial, progress: str) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with trial.records as records:
                step = records.latest().step("A")
            if step is not None and step.progress == progress:
                return
            time.sleep(0.01)
        raise AssertionError(f"never saw {progress!r}")
