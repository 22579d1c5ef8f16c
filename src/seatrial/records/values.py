"""Values as JSON text and back: what goes in comes out equal, receipts and NaN included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from seatrial.ports.executions import ExecutionRecord, StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import JobResult

EXECUTION = TypeAdapter(ExecutionRecord)
STEP = TypeAdapter(StepRecord)
FINDINGS = TypeAdapter(tuple[Finding, ...])
RESULT = TypeAdapter(JobResult)


def to_json(value: Any) -> str:
    """JSON text in ASCII, so that file names of any bytes can be kept; a NaN metric stays one."""
    return json.dumps(value, default=_plain, separators=(",", ":"))


def to_text(value: Any) -> Any:
    """A value for a column of its own: what is no text in any encoding is written out in escapes."""
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def changes(before: Any | None, after: Any) -> dict[str, Any]:
    """The fields of `after` that differ from `before`, or from their defaults when there is no `before`."""
    changed = {}
    for field in fields(after):
        value = getattr(after, field.name)
        known = getattr(before, field.name) if before is not None else field.default
        if value is not known and value != known:
            changed[field.name] = value
    return changed
