"""What is shown of a running execution: one line a step, brought up to date by events; draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from seatrial.ports.executions import CacheLookup, Event, EventKind, Reuse, ReuseKind, StepStatus

_STEP_EVENTS = frozenset({EventKind.STEP_CHANGED.value, EventKind.STEP_PROGRESSED.value})


@dataclass(frozen=True)
class StepLine:
    """One step as of now; without `status` it has not started."""

    name: str
    type: str
    status: StepStatus | None = None
    attempts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    progress: str | None = None
    failure_reason: str | None = None
    reused: str | None = None
    cache_miss: str | None = None
    substitute: str | None = None

    def seconds(self, now: datetime) -> float | None:
        """How long the latest attempt took, or takes so far."""
        if self.started_at is None:
            return None
        return ((self.ended_at or now) - self.started_at).total_seconds()


def advanced(line: StepLine, event: Event) -> StepLine:
    """The line after the event; `detail` holds the fields that changed."""
    if event.kind not in _STEP_EVENTS:
        return line
    detail = event.detail
    status = StepStatus(detail["status"]) if "status" in detail else line.status
    fresh = "attempts" in detail or "started_at" in detail
    before = (
        StepLine(line.name, line.type, attempts=line.attempts, substitute=line.substitute) if fresh else line
    )
    return replace(
        before,
        status=status,
        attempts=detail.get("attempts", before.attempts or 1),
        started_at=_time(detail, "started_at", before.started_at),
        ended_at=_time(detail, "ended_at", before.ended_at),
        progress=detail.get("progress", before.progress),
        failure_reason=detail.get("failure_reason", before.failure_reason),
        reused=_reused(detail) or before.reused,
        cache_miss=_cache_miss(detail) or before.cache_miss,
        substitute=detail.get("substitute", before.substitute),
        bytes_in=_moved(detail, "inputs", before.bytes_in),
        bytes_out=_moved(detail, "outputs", before.bytes_out),
    )


def reused_text(reuse: Reuse) -> str:
    """Where the step's outcome comes from, in words."""
    how = "cached" if reuse.kind is ReuseKind.CACHE else "taken over"
    return f"{how} from execution {reuse.source_id}"


def _reused(detail: Mapping[str, Any]) -> str | None:
    reuse = detail.get("reuse")
    return reused_text(Reuse(ReuseKind(reuse["kind"]), reuse["source_arn"])) if reuse else None


def miss_text(cache: CacheLookup | None) -> str | None:
    """Why the step was not taken from the cache; None where it was, or where nobody asked."""
    return f"not cached: {cache.reason}" if cache is not None and not cache.hit else None


def _cache_miss(detail: Mapping[str, Any]) -> str | None:
    cache = detail.get("cache")
    return miss_text(CacheLookup(cache["hit"], cache["reason"])) if cache else None


def _time(detail: Mapping[str, Any], key: str, before: datetime | None) -> datetime | None:
    value = detail.get(key, before)
    # Times stand as text in an event.
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _moved(detail: Mapping[str, Any], side: str, before: int | None) -> int | None:
    result = detail.get("result")
    if not isinstance(result, Mapping):
        return before
    if not (result.get("inputs") or result.get("outputs")):
        return None  # a function or a message moves no data
    return sum(_sizes(result.get(side) or ()))


def _sizes(receipts: Iterable[Mapping[str, Any]]) -> Iterable[int]:
    return (stored["size"] for receipt in receipts for stored in receipt.get("objects", ()))
