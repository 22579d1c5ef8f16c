"""When each step ran, as shares of the whole, for bars of any width; draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from seatrial.ports.executions import ExecutionRecord, StepRecord
from seatrial.reports.text import time_text

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_MOST_TICKS = 5
_LEAST_SHARE = 0.5
PHASES = {"stage_in": "stage in", "container": "container", "stage_out": "stage out"}


@dataclass(frozen=True)
class Span:
    """A stretch of time, in percent of the whole."""

    start: float
    share: float


@dataclass(frozen=True)
class Bar:
    """The last attempt of one step; `container` is when its container ran."""

    name: str
    whole: Span
    took: str
    container: Span | None = None


@dataclass(frozen=True)
class Tick:
    """A line across all bars."""

    at: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """The bars in the order in which the steps started."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def timeline_of(record: ExecutionRecord, now: datetime) -> Timeline:
    """All steps that started; one that still runs reaches to `now`."""
    started = [step for step in record.steps if step.started_at is not None]
    ends = [step.ended_at or now for step in started]
    begin = min([record.started_at, *(step.started_at for step in started if step.started_at)])
    whole = max((max([record.ended_at or now, *ends]) - begin).total_seconds(), 0.001)
    return Timeline(
        tuple(_bar(step, begin, whole, now) for step in sorted(started, key=_start)),
        tuple(_ticks(whole)),
    )


def _start(step: StepRecord) -> float:
    return step.started_at.timestamp() if step.started_at else 0.0


def _bar(step: StepRecord, begin: datetime, whole: float, now: datetime) -> Bar:
    first = step.started_at or begin
    seconds = ((step.ended_at or now) - first).total_seconds()
    start = (first - begin).total_seconds() / whole * 100
    # A step that took no time must still be seen.
    bar = _span(start, max(seconds / whole * 100, _LEAST_SHARE))
    return Bar(step.name, bar, time_text(seconds), _container(step, start + seconds / whole * 100, whole))


def _container(step: StepRecord, end: float, whole: float) -> Span | None:
    """A job ends with its stage-out, so its container ran until that began; before it, the job waited."""
    seconds = (step.result.seconds if step.result else None) or {}
    if "container" not in seconds:
        return None
    until = end - seconds.get("stage_out", 0.0) / whole * 100
    start = max(until - seconds["container"] / whole * 100, 0.0)
    return _span(start, until - start)


def _span(start: float, share: float) -> Span:
    return Span(round(start, 2), round(max(share, 0.0), 2))


def _ticks(whole: float) -> Iterator[Tick]:
    every = next((step for step in _STEPS if whole / step <= _MOST_TICKS), whole / _MOST_TICKS)
    if whole < 1:
        return
    at = 0.0
    while at < whole * 0.97:
        yield Tick(round(at / whole * 100, 2), _label(at))
        at += every


def _label(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d} min" if rest else f"{minutes} min"
    return f"{minutes // 60}:{minutes % 60:02d} h"
