"""Dependencies on another end than success: steps that run because one failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.trial import not_started
from seatrial.definition import parse
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus
from seatrial.ports.functions import FunctionCode
from tests.adapters.memory_engine import completed, failed
from tests.functional.execution.documents import pipeline, processing
from tests.functional.execution.trial import Trial, statuses

CORPUS = Path(__file__).parents[2] / "corpus"


def on(step: str, trigger: str) -> dict[str, str]:
    return {"Step": step, "Trigger": trigger}


PIPELINE = pipeline(
    processing("Train"),
    processing("Tell", depends_on=[on("Train", "Failed")]),
    processing("Tidy", depends_on=[on("Train", "Any")]),
    processing("Use", depends_on=["Train"]),
    processing("Told", depends_on=["Tell"]),
    processing("Mourn", depends_on=[on("Train", "Stopped")]),
)


def run(trial: Trial, document: str = PIPELINE, *broken: str) -> ExecutionRecord:
    for name in broken:
        trial.engine.answers[name] = failed
    return trial.run(document)


def test_of_a_success_nothing_runs_that_waits_for_a_failure(trial: Trial) -> None:
    record = run(trial)

    assert set(statuses(record)) == {"Train", "Tidy", "Use"}
    assert record.status is ExecutionStatus.SUCCEEDED


@pytest.mark.parametrize("independent", [True, False])
def test_a_failure_that_steps_wait_for_ends_as_the_service_words_it(trial: Trial, independent: bool) -> None:
    trial.start_independent_steps = independent

    record = run(trial, PIPELINE, "Train")

    assert statuses(record)["Train"] == "Failed"
    assert {"Tell", "Tidy"} <= set(statuses(record))
    assert ("Told" in statuses(record)) is independent
    assert not {"Use", "Mourn"} & set(statuses(record))
    assert record.status.value == "CompletedWithFailures"
    assert record.failure_reason is None


def test_what_waits_for_an_end_that_did_not_come_is_not_missed(trial: Trial) -> None:
    assert not_started(run(trial), parse(PIPELINE)) == ()
    assert not_started(run(trial, PIPELINE, "Train"), parse(PIPELINE)) == ("Use",)


def test_one_failure_that_nobody_waits_for_fails_the_execution(trial: Trial) -> None:
    record = run(trial, PIPELINE, "Train", "Tidy")

    assert record.status is ExecutionStatus.FAILED


def test_what_it_waits_for_wins_over_the_data_that_it_reads(trial: Trial) -> None:
    reason = {"Get": "Steps.Train.FailureReason"}
    tells = processing("Tell", arguments=[reason], depends_on=[on("Train", "Failed")])

    record = run(trial, pipeline(processing("Train"), tells), "Train")

    assert statuses(record) == {"Train": "Failed", "Tell": "Succeeded"}


def test_a_resumed_execution_runs_the_failed_step_again_and_keeps_what_told_of_it(trial: Trial) -> None:
    first = run(trial, PIPELINE, "Train")
    del trial.engine.answers["Train"]

    record = trial.resume(first.execution_id)

    assert record.status is ExecutionStatus.SUCCEEDED
    assert set(statuses(record)) == {"Train", "Tell", "Tidy", "Told", "Use"}
    assert trial.asked().count("Tell") == 1


def test_what_the_sdk_3_wrote_tells_of_a_failure_and_asks_nobody(trial: Trial) -> None:
    written = (CORPUS / "v3-failure-handled" / "definition.json").read_text()
    trial.find_function = lambda named: FunctionCode("tell", b"zip", "app.main")
    trial.engine.answers |= {
        "Prepare": failed,
        "Tell": lambda request: completed(request, OutputParameters={"said": "no data"}),
    }

    record = trial.run(written, {"EXECUTION_S3_PREFIX": "s3://bucket/run"})

    assert statuses(record) == {"Prepare": "Failed", "Tell": "Succeeded"}
    assert record.status is ExecutionStatus.COMPLETED_WITH_FAILURES
    tell = record.step("Tell")
    assert tell is not None
    assert tell.properties["OutputParameters"] == {"said": "no data"}
