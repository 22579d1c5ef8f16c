"""A call that ended, told as an ended job is: Lambda has no Describe* response for one."""

from __future__ import annotations

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
        "LambdaJobStatus": ending.status,
        **({"FailureReason": ending.failure_reason} if ending.failure_reason else {}),
        "OutputParameters": dict(values),
        **{name: time.isoformat() for name, time in times.items()},
    }
