"""A call that ended, told as an ended job is: Lambda has no Describe* response for one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from seatrial.engines.describe import History
from seatrial.engines.ending import Ending
from seatrial.ports.jobs import JobRequest


def describe_call(
    request: JobRequest, ending: Ending, history: History, values: Mapping[str, str | int | float | bool]
) -> dict[str, Any]:
    """Which function was called, how that ended, and what the step may hand on."""
    times = {"CreationTime": history.states[0][1], "LastModifiedTime": history.states[-1][1]}
    return {
        "FunctionName": request.parameters["FunctionName"],
        **_code(request),
        "LambdaJobStatus": ending.status,
        **({"FailureReason": ending.failure_reason} if ending.failure_reason else {}),
        "OutputParameters": dict(values),
        **{name: time.isoformat() for name, time in times.items()},
    }


def _code(request: JobRequest) -> dict[str, str]:
    """The digest of the code's zip, named and written as Lambda's GetFunctionConfiguration does."""
    if request.function is None:
        return {}
    digest = hashlib.sha256(request.function.archive).digest()
    return {"CodeSha256": base64.b64encode(digest).decode()}
