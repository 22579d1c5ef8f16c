"""Callback steps driven by the scheduler: slots, stops, resumes, and a definition that the SDK wrote."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seatrial.definition.service_model import named_shape
from seatrial.engines.callbacks import CallbacksEngine, Parts
from seatrial.execution.steps.callback import CALLBACK
from seatrial.ports.callbacks import Answer, Callback
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.functional.execution.documents import pipeline, processing
from tests.functional.execution.trial import Trial, statuses

DOCUMENT = (Path(__file__).parents[2] / "corpus" / "callback-steps" / "definition.json").read_text()
PREFIX = {"EXECUTION_S3_PREFIX": "s3://bucket/run"}


class People:
    """Whoever answers: another process, as far as the execution knows."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.records = Records(trial.settings.state_dir / "state.db", StillClock(tick=0.001))
        self.engine = CallbacksEngine(Parts(lambda: self.records.callbacks, {}, self.hear), StillClock())
        self.heard: list[str] = []
        self.answers: dict[str, Answer] = {}
        trial.run_job, trial.stop_job = self.run_job, self.stop_job
        trial.release = self.engine.release

    def hear(self, said: str) -> None:
        self.heard.append(said)
        for callback in self.records.callbacks.waiting():
            if callback.step_name in self.answers:
                self.records.callbacks.answer(callback.token, self.answers.pop(callback.step_name))

    def run_job(self, request: JobRequest) -> JobResult:
        listener = self.trial.control.progress
        engine = self.engine if request.kind == "Callback" else self.trial.engine
        return engine.run(request, listener)

    def stop_job(self, name: str) -> None:
        self.engine.stop(name)
        self.trial.engine.stop(name)

    def waiting(self) -> dict[str, Callback]:
        return {callback.step_name: callback for callback in self.records.callbacks.waiting()}

    def wait_for(self, *steps: str) -> None:
        """Look until these wait for an answer."""
        deadline = time.monotonic() + 10
        while not set(steps) <= self.waiting().keys():
            assert time.monotonic() < deadline, f"{steps} never waited"
            time.sleep(0.01)
        for name in steps:
            self.trial.wait_until(name, "Executing")


@pytest.fixture
def people(trial: Trial) -> Iterator[People]:
    found = People(trial)
    with found.records:
        yield found


def ask(name: str, *outputs: str, **arguments: Any) -> Any:
    declared = [{"OutputName": output, "OutputType": "String"} for output in outputs]
    return {
        "Name": name,
        "Type": "Callback",
        "Arguments": arguments,
        "SqsQueueUrl": "https://queue",
        "OutputParameters": declared,
    }


def failure_of(record: ExecutionRecord, name: str) -> str | None:
    found = record.step(name)
    assert found is not None
    return found.failure_reason


def test_the_sdks_pipeline_runs_on_answers(trial: Trial, people: People) -> None:
    people.answers = {
        "Load": Answer({"rows": 12, "share": 0.5, "source": "depot"}),
        "Approve": Answer({"approved": True}),
    }
    record = trial.run(DOCUMENT, PREFIX)
    assert statuses(record) == dict.fromkeys(["Load", "Approve", "Decide", "Work"], "Succeeded")
    work = trial.request("Work").parameters
    assert work["AppSpecification"]["ContainerArguments"] == ["--rows", "12"]
    assert work["Environment"] == {"SOURCE": "depot"}

    load = record.step("Load")
    assert load is not None
    told = load.metadata["Callback"]
    assert told.keys() == named_shape("CallbackStepMetadata").members.keys()
    assert re.fullmatch("[a-zA-Z0-9]{10}", told["CallbackToken"])
    assert told["SqsQueueUrl"].endswith("/loading")
    assert {item["Name"]: item["Value"] for item in told["OutputParameters"]} == {
        "rows": "12",
        "share": "0.5",
        "source": "depot",
    }


def test_a_no_decides_too(trial: Trial, people: People) -> None:
    people.answers = {
        "Load": Answer({"rows": 12, "share": 0.5, "source": "depot"}),
        "Approve": Answer({"approved": False}),
    }
    record = trial.run(DOCUMENT, PREFIX)
    assert failure_of(record, "Refused") == "not approved: 12 rows"


def test_the_message_carries_the_arguments_resolved(trial: Trial, people: People) -> None:
    people.answers = {"Load": Answer(failure_reason="no data since May")}
    record = trial.run(DOCUMENT, PREFIX)
    assert statuses(record) == {"Load": "Failed"}
    assert failure_of(record, "Load") == "no data since May"
    (log,) = trial.settings.state_dir.rglob("Load/attempt-1/log.txt")
    message = log.read_text()
    assert '"arguments": {"target": "s3://bucket/run/loaded", "days": 3}' in message
    assert record.arn in message


def test_steps_that_wait_take_no_slot(trial: Trial, people: People) -> None:
    trial.jobs = 1
    names = [f"Ask{number}" for number in range(4)]
    wait = trial.run_aside(pipeline(*map(ask, names), processing("Work")))
    people.wait_for(*names)
    trial.wait_until("Work", "Succeeded")
    assert people.waiting().keys() == set(names)
    for callback in people.waiting().values():
        people.records.callbacks.answer(callback.token, Answer())
    assert set(statuses(wait()).values()) == {"Succeeded"}


def test_a_stop_is_over_when_the_answer_has_come_and_the_step_is_what_it_says(
    trial: Trial, people: People
) -> None:
    wait = trial.run_aside(pipeline(ask("Ask"), processing("After", depends_on=["Ask"])))
    people.wait_for("Ask")
    trial.control.stop()
    trial.wait_until("Ask", "Stopping")
    people.records.callbacks.answer(people.waiting()["Ask"].token, Answer())
    record = wait()
    assert (record.status.value, statuses(record)) == ("Stopped", {"Ask": "Succeeded"})


def test_a_second_stop_waits_no_longer_and_a_resume_has_the_same_token(trial: Trial, people: People) -> None:
    wait = trial.run_aside(pipeline(ask("Ask", "word"), processing("After", depends_on=["Ask"])))
    people.wait_for("Ask")
    token = people.waiting()["Ask"].token
    trial.control.stop()
    trial.control.stop()
    record = wait()
    assert (record.status.value, statuses(record)) == ("Stopped", {"Ask": "Stopped"})

    people.answers = {"Ask": Answer({"word": "go"})}
    resumed = trial.resume()
    assert statuses(resumed) == {"Ask": "Succeeded", "After": "Succeeded"}
    found = resumed.step("Ask")
    assert found is not None
    assert (found.attempts, found.metadata["Callback"]["CallbackToken"]) == (2, token)


def test_another_process_may_ask_twice_too(trial: Trial, people: People) -> None:
    wait = trial.run_aside(pipeline(ask("Ask")))
    people.wait_for("Ask")
    people.records.request_stop("latest")
    trial.wait_until("Ask", "Stopping")
    people.records.request_stop("latest")
    assert statuses(wait()) == {"Ask": "Stopped"}


def test_a_step_that_failed_by_its_answer_asks_anew_when_resumed(trial: Trial, people: People) -> None:
    people.answers = {"Ask": Answer(failure_reason="not today")}
    first = trial.run(pipeline(ask("Ask")))
    people.answers = {"Ask": Answer()}
    second = trial.resume()
    assert [statuses(each) for each in (first, second)] == [{"Ask": "Failed"}, {"Ask": "Succeeded"}]
    tokens = {each.steps[0].metadata["Callback"]["CallbackToken"] for each in (first, second)}
    assert len(tokens) == 2


def test_its_kind_is_one_that_waits() -> None:
    from seatrial.execution.waiting import WAITING_KINDS  # a table that must name it

    assert CALLBACK.kind in WAITING_KINDS
