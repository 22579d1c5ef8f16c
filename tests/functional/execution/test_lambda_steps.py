"""Lambda steps over an engine that runs nothing: the request, the outputs, what the listing tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.definition.service_model import named_shape
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.functions import FunctionCode
from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.memory_engine import completed, failed
from tests.functional.execution.trial import Trial, statuses

DOCUMENT = (Path(__file__).parents[2] / "corpus" / "lambda-steps" / "definition.json").read_text()
PREFIX = {"EXECUTION_S3_PREFIX": "s3://bucket/run"}
MADE = {"uri": "s3://bucket/run/made", "written": 3, "mean": 0.75, "complete": True, "options": '{"a": 1}'}


def returns(**values: Any) -> Any:
    def answer(request: JobRequest) -> JobResult:
        return completed(request, OutputParameters=values)

    return answer


@pytest.fixture
def trial(trial: Trial) -> Trial:
    trial.find_function = lambda named: FunctionCode(named.split(":")[6], b"zip", "app.main")
    trial.engine.answers |= {"Make": returns(**MADE), "Look": returns(objects=1)}
    return trial


def metadata(record: ExecutionRecord, name: str) -> Any:
    step = record.step(name)
    assert step is not None
    return step.metadata["Lambda"]


def test_the_sdks_pipeline_runs_and_its_outputs_decide_and_are_handed_on(trial: Trial) -> None:
    record = trial.run(DOCUMENT, PREFIX)
    assert statuses(record) == dict.fromkeys(["Make", "Copy", "Decide", "Look", "Tell"], "Succeeded")

    make = trial.request("Make")
    assert make.kind == "Lambda"
    assert make.function is not None
    assert make.function.name == "make-rows"
    assert make.parameters["Payload"] == {
        "rows": 3,
        "target": "s3://bucket/run/made",
        "execution": record.execution_id,
        "options": {"header": False, "columns": ["a", "b"]},
    }
    source = trial.request("Copy").parameters["ProcessingInputs"][0]["S3Input"]["S3Uri"]
    assert source == "s3://bucket/run/made"
    assert trial.request("Look").function == FunctionCode("look", b"zip", "app.main")


def test_the_listing_has_the_shape_and_the_texts_of_the_service(trial: Trial) -> None:
    told = metadata(trial.run(DOCUMENT, PREFIX), "Make")
    shape = named_shape("LambdaStepMetadata")
    assert told.keys() == shape.members.keys()
    assert told["Arn"] == "arn:aws:lambda:us-east-1:123456789012:function:make-rows"
    assert {item["Name"]: item["Value"] for item in told["OutputParameters"]} == {
        "uri": "s3://bucket/run/made",
        "written": "3",
        "mean": "0.75",
        "complete": "true",
        "options": '{"a": 1}',
    }


def test_a_function_that_fails_fails_its_step_and_what_waits_for_it_does_not_start(trial: Trial) -> None:
    trial.engine.answers["Make"] = lambda request: failed(request, "Lambda function make-rows failed: {}")
    record = trial.run(DOCUMENT, PREFIX)
    assert statuses(record) == {"Make": "Failed"}
    make = record.step("Make")
    assert make is not None
    assert make.failure_reason == "ClientError: Lambda function make-rows failed: {}"
    assert metadata(record, "Make")["OutputParameters"] == []


@pytest.mark.parametrize(
    ("payload", "status"),
    [('{"errorType": "Sandbox.Timedout"}', "Failed"), ('{"errorType": "ValueError"}', "Stopped")],
)
def test_a_stop_waits_for_the_function_and_fails_only_if_its_time_runs_out(
    trial: Trial, payload: str, status: str
) -> None:
    def answer(request: JobRequest) -> JobResult:
        trial.control.stop()
        trial.wait_until("Make", "Stopping")
        return failed(request, f"Lambda function make-rows failed: {payload}")

    trial.engine.answers["Make"] = answer
    record = trial.run(DOCUMENT, PREFIX)
    assert (record.status.value, statuses(record)) == (status, {"Make": "Failed"})


def test_a_function_without_code_fails_its_step_with_what_to_write(trial: Trial) -> None:
    from seatrial.app.functions import Functions  # the code that a run looks it up with

    trial.find_function = Functions(trial.settings)
    record = trial.run(DOCUMENT, PREFIX)
    make = record.step("Make")
    assert make is not None
    assert "there is no code for the Lambda function 'make-rows'" in (make.failure_reason or "")
    assert '[functions."make-rows"]' in (make.failure_reason or "")


def test_it_is_never_taken_from_the_cache_although_the_sdk_lets_it_ask(trial: Trial) -> None:
    trial.run(DOCUMENT, PREFIX)
    record = trial.run(DOCUMENT, PREFIX)
    make = record.step("Make")
    assert make is not None
    assert (make.reuse, make.cache) == (None, None)
    assert trial.asked().count("Make") == 2
