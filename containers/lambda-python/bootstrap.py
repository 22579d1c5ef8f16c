"""Calls one function once, as Lambda's Python runtime does; knows nothing of who wants to know.

`/var/invocation/event.json` goes in, `/var/invocation/result.json` comes out: `{"result": …}`, or the error
in Lambda's own members. A process that leaves no result has ended before its function did.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import threading
import time
import traceback
import uuid
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

INVOCATION = Path("/var/invocation")
REQUEST_ID = str(uuid.uuid4())
# Taken by whoever ends the call, its function or its time, and never given back: a call has one result.
END = threading.Lock()


class RuntimeTroubleError(Exception):
    """What keeps the runtime from calling the function; the first argument is Lambda's name for it."""


class Context:
    """What a function is told of its own call."""

    def __init__(self, seconds: float) -> None:
        name, region = os.environ["AWS_LAMBDA_FUNCTION_NAME"], os.environ.get("AWS_REGION", "")
        self.function_name = name
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = os.environ.get("SEATRIAL_FUNCTION_ARN", name)
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = REQUEST_ID
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._region = region
        self._deadline = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """How long the call may still last."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))

    def log(self, message: object) -> None:
        """Print, without an end of line of its own."""
        sys.stdout.write(str(message))


def find_handler(named: str):
    """The function that `module.function` names; folders may be written with slashes."""
    module_name, dot, function_name = named.rpartition(".")
    if not dot:
        raise RuntimeTroubleError(
            "Runtime.MalformedHandlerName", f"Bad handler '{named}': it is no module.function"
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as missing:
        raise RuntimeTroubleError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {missing}"
        ) from missing
    except SyntaxError as broken:
        raise RuntimeTroubleError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {broken}"
        ) from broken
    if not hasattr(module, function_name):
        raise RuntimeTroubleError(
            "Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'"
        )
    return getattr(module, function_name)


def as_json(result: object) -> str:
    """The result as it travels; what is no JSON is the function's fault."""
    try:
        text = json.dumps({"result": result}, default=decimal_as_number, ensure_ascii=False)
        text.encode("utf-8")
        return text
    except (TypeError, ValueError) as unfit:
        raise RuntimeTroubleError("Runtime.MarshalError", f"Unable to marshal response: {unfit}") from unfit


def decimal_as_number(value: object) -> float:
    """What boto3 reads from a table, as Lambda's own runtime hands it on."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} is not JSON serializable")


def told(error: BaseException) -> dict[str, object]:
    """An error as Lambda answers with it."""
    if isinstance(error, RuntimeTroubleError):
        kind, message = error.args
        return {"errorMessage": message, "errorType": kind, "requestId": REQUEST_ID, "stackTrace": []}
    if isinstance(error, SystemExit):
        ended = f"exit status {error.code}" if error.code else "no reason given"
        message = f"RequestId: {REQUEST_ID} Error: Runtime exited with error: {ended}"
        return {"errorMessage": message, "errorType": "Runtime.ExitError"}
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": REQUEST_ID,
        "stackTrace": traceback.format_list(own),
    }


def write(text: str) -> None:
    """The result, whole or not there."""
    unfinished = INVOCATION / ".result"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(INVOCATION / "result.json")


def say(text: str) -> None:
    """A line of the log, unless the function has closed it."""
    with suppress(OSError, ValueError):
        print(text, flush=True)


def end_late(seconds: float) -> None:
    """End the process when the function's time is over, whatever the function does."""
    message = f"RequestId: {REQUEST_ID} Error: Task timed out after {seconds:.2f} seconds"
    END.acquire()
    say(message)
    write(json.dumps({"errorMessage": message, "errorType": "Sandbox.Timedout"}))
    os._exit(0)


def watch(seconds: float) -> None:
    """Begin to count."""
    timer = threading.Timer(seconds, end_late, [seconds])
    timer.daemon = True
    timer.start()


class Formatter(logging.Formatter):
    """A line of a log as Lambda's runtime forms it."""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__(
            f"[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t{REQUEST_ID}\t%(message)s", "%Y-%m-%dT%H:%M:%S"
        )


def call(seconds: float) -> str:
    """Import the function, call it, and what came of it."""
    try:
        handler = find_handler(os.environ["_HANDLER"])
        event = json.loads((INVOCATION / "event.json").read_text(encoding="utf-8"))
        watch(seconds)
        return as_json(handler(event, Context(seconds)))
    except BaseException as error:  # noqa: BLE001  # whatever the function raises is its answer
        said = told(error)
        say(f"[ERROR] {said['errorType']}: {said['errorMessage']}")
        for frame in said.get("stackTrace", []):
            say(frame.rstrip())
        return json.dumps(said)


def main() -> None:
    """One call, told of in the log as Lambda tells of it."""
    seconds = float(os.environ["AWS_LAMBDA_FUNCTION_TIMEOUT"])
    sys.stdout.reconfigure(errors="backslashreplace")
    shown = logging.StreamHandler(sys.stdout)
    shown.setFormatter(Formatter())
    logging.getLogger().addHandler(shown)
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    say(f"START RequestId: {REQUEST_ID} Version: {os.environ['AWS_LAMBDA_FUNCTION_VERSION']}")
    began = time.monotonic()
    result = call(seconds)
    END.acquire()
    write(result)
    milliseconds = (time.monotonic() - began) * 1000
    say(f"END RequestId: {REQUEST_ID}")
    say(f"REPORT RequestId: {REQUEST_ID}\tDuration: {milliseconds:.2f} ms")
    # Threads that the function left behind are not waited for, as nobody waits for them in the service.
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
