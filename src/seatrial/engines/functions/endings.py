"""What a function answered, or why it did not; touches neither Docker nor S3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seatrial.engines import failures
from seatrial.ports.functions import FunctionCode
from seatrial.ports.runners import JobOutcome

RESULT = "result.json"
_MOST_ANSWER = 6 * 1024 * 1024


class InvocationError(Exception):
    """The call failed; the text is the job's reason."""


def answer_of(function: FunctionCode, outcome: JobOutcome, folder: Path) -> Any:
    """What the function returned; `folder` is where the runtime in the container left its result."""
    if outcome.lost:
        raise InvocationError(failures.lost_status(outcome.lost))
    place = folder / RESULT
    if not place.is_file() or place.is_symlink():
        raise InvocationError(_told(function, *_without_result(function, outcome)))
    if place.stat().st_size > _MOST_ANSWER + len('{"result": }'):
        raise InvocationError(
            _told(
                function,
                "Function.ResponseSizeTooLarge",
                f"Response payload size exceeded maximum allowed payload size ({_MOST_ANSWER} bytes).",
            )
        )
    match _read(place):
        case {"result": result}:
            return result
        case {"errorType": str(kind), "errorMessage": str(message)}:
            raise InvocationError(_told(function, kind, message))
        case _:  # the function wrote there, and not its runtime
            raise InvocationError(_told(function, *_without_result(function, outcome)))


def _read(place: Path) -> Any:
    try:
        return json.loads(place.read_bytes())
    except (ValueError, RecursionError):
        return None


def _without_result(function: FunctionCode, outcome: JobOutcome) -> tuple[str, str]:
    if outcome.timed_out:
        return "Sandbox.Timedout", f"Task timed out after {function.timeout_seconds:.2f} seconds"
    how = f"exit status {outcome.exit_code}"
    if outcome.out_of_memory:
        limit = (
            f"its {function.memory_megabytes} MB" if function.memory_megabytes else "this machine's memory"
        )
        how = f"signal: killed (it exceeded {limit})"
    elif outcome.start_failure:
        how = outcome.start_failure
    return "Runtime.ExitError", f"Runtime exited with error: {how}"


def _told(function: FunctionCode, kind: str, message: str) -> str:
    """The error as Lambda answers with it, cut where the service's limit would cut it in half."""
    opening = f"Lambda function {function.name} failed: "
    room = failures.LIMIT - len("ClientError: ") - len(opening)
    text = message.encode(errors="replace").decode()
    while len(payload := _payload(kind, text)) > room and text:
        text = text[: len(text) // 2]
    return opening + payload


def _payload(kind: str, message: str) -> str:
    return json.dumps({"errorMessage": message, "errorType": kind}, ensure_ascii=False)
