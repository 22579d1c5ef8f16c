"""Jobs as they were asked for, and how they ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatrial.ports.jobs import JobKind, JobRequest, JobResult
from seatrial.records.database import Row
from seatrial.records.values import RESULT


@dataclass(frozen=True)
class JobRecord:
    """One job of one attempt; `result` is None until it ended."""

    name: str
    arn: str
    kind: JobKind
    execution_id: str
    step_name: str
    attempt: int
    parameters: Mapping[str, Any]
    result: JobResult | None = None


@dataclass(frozen=True)
class Success:
    """A step that succeeded in an execution, and the request of the job that it then was."""

    execution_arn: str
    execution_id: str
    ended_at: datetime
    parameters: Mapping[str, Any]


def read_success(row: Row) -> Success:
    """A row of `Records.successes`."""
    return Success(
        row["arn"],
        row["execution_id"],
        datetime.fromisoformat(row["ended_at"]),
        json.loads(row["parameters"]),
    )


def job_of(request: JobRequest) -> JobRecord:
    """The record of a job that is about to start."""
    return JobRecord(
        request.name,
        request.arn,
        request.kind,
        request.execution_id,
        request.step_name,
        request.attempt,
        request.parameters,
    )


def read_job(row: Row) -> JobRecord:
    """The record as it was kept."""
    return JobRecord(
        row["name"],
        row["arn"],
        row["kind"],
        row["execution_id"],
        row["step_name"],
        row["attempt"],
        json.loads(row["parameters"]),
        read_result(row["result"]),
    )


def read_result(text: str | None) -> JobResult | None:
    """A job's result with its receipts."""
    return RESULT.validate_python(json.loads(text)) if text is not None else None
