"""The runtime in the image of Lambda functions: one call, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BOOTSTRAP = Path(__file__).parents[3] / "containers/lambda-python/bootstrap.py"
START = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("bootstrap", sys.argv[1])
bootstrap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bootstrap)
bootstrap.INVOCATION = pathlib.Path(sys.argv[2])
bootstrap.main()
"""


class Called:
    """What came of a call: its result, and what it printed."""

    def __init__(self, folder: Path, code: str, event: Any, handler: str, seconds: float) -> None:
        (folder / "task").mkdir()
        (folder / "task" / "app.py").write_text(code)
        (folder / "event.json").write_text(json.dumps(event))
        environment = {
            "AWS_LAMBDA_FUNCTION_NAME": "count",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(seconds),
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/count",
            "AWS_LAMBDA_LOG_STREAM_NAME": "job",
            "LAMBDA_TASK_ROOT": str(folder / "task"),
            "_HANDLER": handler,
        }
        ended = subprocess.run(
            [sys.executable, "-I", "-c", START, str(BOOTSTRAP), str(folder)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        self.exit_code, self.log = ended.returncode, ended.stdout + ended.stderr
        result = folder / "result.json"
        self.result = json.loads(result.read_text()) if result.exists() else None


def call(
    folder: Path, code: str, event: Any = None, handler: str = "app.handler", seconds: float = 20
) -> Called:
    return Called(folder, code, event, handler, seconds)


def test_the_function_sees_its_event_and_its_context_and_its_words_are_in_the_log(tmp_path: Path) -> None:
    code = """
import logging
def handler(event, context):
    logging.getLogger().warning("careful")
    print("got", event["n"])
    left = 0 < context.get_remaining_time_in_millis() <= 20000
    told = {"name": context.function_name, "id": len(context.aws_request_id)}
    return {"n": event["n"] + 1, "left": left, **told}
"""
    called = call(tmp_path, code, {"n": 1})
    assert called.result == {"result": {"n": 2, "name": "count", "left": True, "id": 36}}
    for words in (
        "START RequestId: ",
        "got 1",
        "[WARNING]",
        "careful",
        "END RequestId: ",
        "REPORT RequestId: ",
    ):
        assert words in called.log


@pytest.mark.parametrize(
    ("code", "handler", "kind", "message"),
    [
        ("def handler(e, c): raise ValueError('no rows')", "app.handler", "ValueError", "no rows"),
        ("import absent", "app.handler", "Runtime.ImportModuleError", "Unable to import module 'app'"),
        ("def handler(:", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
        ("", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("", "app", "Runtime.MalformedHandlerName", "Bad handler 'app'"),
        ("def handler(e, c): return {1, 2}", "app.handler", "Runtime.MarshalError", "Unable to marshal"),
        ("def handler(e, c): return '\\ud800'", "app.handler", "Runtime.MarshalError", "Unable to marshal"),
        ("def handler(e, c): raise ValueError('\\ud800')", "app.handler", "ValueError", "\ud800"),
        ("def handler(e, c): exit(4)", "app.handler", "Runtime.ExitError", "exit status 4"),
    ],
)
def test_what_goes_wrong_has_lambdas_name(
    tmp_path: Path, code: str, handler: str, kind: str, message: str
) -> None:
    called = call(tmp_path, code, handler=handler)
    assert called.result["errorType"] == kind
    assert message in called.result["errorMessage"]
    assert f"[ERROR] {kind}" in called.log


def test_a_traceback_shows_the_functions_own_lines(tmp_path: Path) -> None:
    called = call(
        tmp_path, "def handler(e, c):\n    return helper()\ndef helper():\n    raise KeyError('x')\n"
    )
    assert ["in handler" in line or "in helper" in line for line in called.result["stackTrace"]] == [
        True,
        True,
    ]


def test_a_function_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    called = call(tmp_path, "import time\ndef handler(e, c):\n    time.sleep(60)\n", seconds=0.2)
    assert "Task timed out after 0.20 seconds" in called.result["errorMessage"]
    assert called.result["errorType"] == "Sandbox.Timedout"
    assert "Task timed out" in called.log


def test_a_process_that_ends_itself_leaves_no_result(tmp_path: Path) -> None:
    called = call(tmp_path, "import os\ndef handler(e, c):\n    os._exit(9)\n")
    assert (called.result, called.exit_code) == (None, 9)


def test_decimals_are_numbers_as_lambdas_runtime_has_them_and_text_is_not_escaped(tmp_path: Path) -> None:
    code = "from decimal import Decimal\ndef handler(e, c):\n    return [Decimal('0.5'), 'é']\n"
    assert call(tmp_path, code).result == {"result": [0.5, "é"]}
    assert "é" in (tmp_path / "result.json").read_text(encoding="utf-8")


def test_a_call_has_one_end_although_its_time_runs_out_while_the_result_is_written(tmp_path: Path) -> None:
    code = """
import sys, time
def handler(e, c):
    main = sys.modules["__main__"].bootstrap
    plain = main.json.dumps
    def slow(*given, **named):
        main.json.dumps = plain
        time.sleep(0.3)
        return plain(*given, **named)
    main.json.dumps = slow
    return "x" * 1000
"""
    for name in ("late", "in-time"):
        (tmp_path / name).mkdir()
    assert call(tmp_path / "late", code, seconds=0.1).result["errorType"] == "Sandbox.Timedout"
    assert call(tmp_path / "in-time", code).result == {"result": "x" * 1000}


def test_what_the_function_did_to_standard_output_takes_nothing_of_its_result(tmp_path: Path) -> None:
    code = "import sys\ndef handler(e, c):\n    sys.stdout.close()\n    return 1\n"
    assert call(tmp_path, code).result == {"result": 1}
    (tmp_path / "again").mkdir()
    code = code.replace("return 1", "raise ValueError('no')")
    assert call(tmp_path / "again", code).result["errorMessage"] == "no"
