"""One call of a function: what its container is given, and what becomes of its answer."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.engines.functions import IMAGE
from tests.adapters.memory_runner import Inside
from tests.unit.engines.functions.bench import ARN, CODE, RESULT, Bench, answers, outputs, zipped
from tests.unit.engines.native.requests import Heard


def test_the_container_has_the_code_the_event_and_the_variables_of_lambda(tmp_path: Path) -> None:
    seen: dict[str, str] = {}

    def program(inside: Inside) -> int:
        seen["code"] = inside.path("/var/task/app.py").read_text()
        seen["event"] = inside.path("/var/invocation/event.json").read_text()
        inside.write(RESULT, json.dumps({"result": {"n": 2}}))
        return 0

    bench = Bench(tmp_path, program)
    function = replace(CODE, environment={"TABLE": "runs", "AWS_REGION": "mine"}, memory_megabytes=256)
    result = bench.call({"rows": [1]}, outputs(n="Integer"), function)

    assert result.describe["OutputParameters"] == {"n": 2}
    assert result.describe["LambdaJobStatus"] == "Completed"
    digest = hashlib.sha256(function.archive).digest()
    assert result.describe["CodeSha256"] == base64.b64encode(digest).decode()
    assert seen == {"code": "code", "event": '{"rows": [1]}'}
    (spec,) = bench.runner.specs
    assert spec.image.partition(":")[0] == IMAGE
    assert [mount.target for mount in spec.mounts if mount.read_only][:1] == ["/var/task"]
    assert spec.memory_bytes == 256 * 1024 * 1024
    assert spec.timeout_seconds is not None
    assert spec.timeout_seconds > CODE.timeout_seconds
    environment = spec.environment
    assert environment["_HANDLER"] == "app.lambda_handler"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "count"
    assert environment["AWS_LAMBDA_FUNCTION_TIMEOUT"] == "7"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert (environment["TABLE"], environment["AWS_REGION"]) == ("runs", "mine")
    assert environment["AWS_ENDPOINT_URL_S3"]
    assert environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] == "http://desk/abc123def456"
    assert not (bench.folder / "stage").exists()


def test_an_error_of_the_function_is_told_as_lambda_tells_it(tmp_path: Path) -> None:
    def program(inside: Inside) -> int:
        inside.write(RESULT, json.dumps({"errorMessage": "no rows", "errorType": "ValueError"}))
        return 0

    described = Bench(tmp_path, program).call().describe
    assert described["LambdaJobStatus"] == "Failed"
    assert described["FailureReason"] == (
        'Lambda function count failed: {"errorMessage": "no rows", "errorType": "ValueError"}'
    )


def test_a_long_error_is_cut_and_still_json(tmp_path: Path) -> None:
    def program(inside: Inside) -> int:
        inside.write(RESULT, json.dumps({"errorMessage": "x" * 5000, "errorType": "ValueError"}))
        return 0

    reason = Bench(tmp_path, program).call().describe["FailureReason"]
    assert len(reason) <= 1024
    assert json.loads(reason.partition("failed: ")[2])["errorType"] == "ValueError"


def test_a_function_that_takes_its_runtime_with_it_has_failed(tmp_path: Path) -> None:
    reason = Bench(tmp_path, lambda _: 3).call().describe["FailureReason"]
    assert "Runtime.ExitError" in reason
    assert "exit status 3" in reason


def test_memory_and_time_that_ran_out_are_said(tmp_path: Path) -> None:
    killed = {"*": lambda outcome: replace(outcome, exit_code=137, out_of_memory=True)}
    reason = Bench(tmp_path, lambda _: 137, outcomes=killed).call(
        function=replace(CODE, memory_megabytes=128)
    )
    assert "signal: killed (it exceeded its 128 MB)" in reason.describe["FailureReason"]
    late = {"*": lambda outcome: replace(outcome, exit_code=137, timed_out=True)}
    reason = Bench(tmp_path / "late", lambda _: 137, outcomes=late).call()
    assert "Task timed out after 7.00 seconds" in reason.describe["FailureReason"]


def test_a_lost_container_is_no_success(tmp_path: Path) -> None:
    lost = {"*": lambda outcome: replace(outcome, exit_code=None, lost="the daemon went away")}
    described = Bench(tmp_path, answers({}), outcomes=lost).call().describe
    assert described["LambdaJobStatus"] == "Failed"
    assert described["FailureReason"].startswith("InternalServerError: ")


def test_an_event_beyond_lambdas_limit_is_refused_as_lambda_refuses_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, answers({}))
    assert (bench.call({"x": "y" * 7_000_000}).refusal or "").startswith("RequestTooLargeException")
    assert bench.runner.specs == []


def test_events_and_answers_are_measured_as_lambda_measures_them(tmp_path: Path) -> None:
    text = "é" * 2_000_000  # of two bytes each; escaped, six

    def program(inside: Inside) -> int:
        inside.write(RESULT, json.dumps({"result": text}, ensure_ascii=False))
        return 0

    assert Bench(tmp_path, program).call({"x": text}).describe["LambdaJobStatus"] == "Completed"
    reason = Bench(tmp_path / "more", answers("x" * 7_000_000)).call().describe["FailureReason"]
    assert "Function.ResponseSizeTooLarge" in reason


@pytest.mark.parametrize("left", [b"no json", b"\xff", b"[]", b"{}", b"[" * 200_000, b'{"errorType": 3}'])
def test_a_result_that_the_runtime_did_not_write_fails_the_call(tmp_path: Path, left: bytes) -> None:
    def program(inside: Inside) -> int:
        inside.path(RESULT).write_bytes(left)
        return 0

    described = Bench(tmp_path, program).call().describe
    assert described["LambdaJobStatus"] == "Failed"
    assert "Runtime.ExitError" in described["FailureReason"]


def test_a_message_of_odd_characters_is_text_all_the_same_and_keeps_its_name(tmp_path: Path) -> None:
    def program(inside: Inside) -> int:
        inside.write(RESULT, json.dumps({"errorMessage": "\ud800" + "\0" * 900, "errorType": "ValueError"}))
        return 0

    reason = Bench(tmp_path, program).call().describe["FailureReason"]
    assert len(reason.encode()) <= 1024
    assert json.loads(reason.partition("failed: ")[2])["errorType"] == "ValueError"


def test_the_event_can_be_read_whoever_the_images_user_is(tmp_path: Path) -> None:
    modes = []

    def program(inside: Inside) -> int:
        modes.append(inside.path("/var/invocation/event.json").stat().st_mode & 0o777)
        inside.write(RESULT, "{}")
        return 0

    before = os.umask(0o077)
    try:
        Bench(tmp_path, program).call()
    finally:
        os.umask(before)
    assert modes == [0o644]


def test_without_code_nothing_is_called(tmp_path: Path) -> None:
    assert ARN in (Bench(tmp_path, answers({})).call(function=None).refusal or "")


@pytest.mark.parametrize(
    "archive",
    [
        b"no zip",
        zipped(**{"../escaped": "x"}),
        zipped(**{"/absolute": "x"}),
        zipped(app__py="code").replace(b"code", b"broken", 1),
        zipped(app__py="code")[:40] + zipped(app__py="code")[44:],
        zipped(**{"a": "file", "a/b": "in it"}),
        zipped(q="a file without a name").replace(b"q", b"\0"),
    ],
)
def test_an_archive_that_cannot_be_unpacked_fails_the_call(tmp_path: Path, archive: bytes) -> None:
    bench = Bench(tmp_path, answers({}))
    reason = bench.call(function=replace(CODE, archive=archive)).describe["FailureReason"]
    assert "Could not unzip" in reason
    assert bench.runner.specs == []


def test_a_call_that_runs_is_not_stopped_and_one_that_did_not_begin_is(tmp_path: Path) -> None:
    running, go = threading.Event(), threading.Event()

    def program(inside: Inside) -> int:
        running.set()
        go.wait(10)
        inside.write(RESULT, json.dumps({"result": {"stopped": inside.stopped}}))
        return 0

    bench = Bench(tmp_path, program)
    results = []
    thread = threading.Thread(target=lambda: results.append(bench.call({}, outputs(stopped="Boolean"))))
    thread.start()
    assert running.wait(10)
    bench.engine.stop("job-1")
    go.set()
    thread.join(10)
    assert results[0].describe["OutputParameters"] == {"stopped": False}


def test_whoever_gives_the_execution_up_waits_for_no_function(tmp_path: Path) -> None:
    running = threading.Event()

    def program(inside: Inside) -> int:
        running.set()
        inside.sleep(10)
        return 0

    bench, heard = Bench(tmp_path, program), Heard()
    results = []
    thread = threading.Thread(target=lambda: results.append(bench.engine.run(bench.request(), heard)))
    thread.start()
    assert running.wait(10)
    bench.engine.stop("job-1")
    bench.engine.stop("job-1")
    bench.engine.release("another")
    assert thread.is_alive()
    bench.engine.release("abc123def456")
    thread.join(5)
    assert results[0].describe["LambdaJobStatus"] == "Failed"
    said = [news.status for news in heard if "cannot be stopped" in news.status]
    assert said == ["Running; a function cannot be stopped, it has at most 7 s"]
