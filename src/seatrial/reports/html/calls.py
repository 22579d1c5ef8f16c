"""The S3 calls of a step's own code as the page lists them; every text not yet escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.ports.observation import Observation, S3Call
from seatrial.reports.text import size_text

MOST_LISTED = 40
"""Kinds of calls of one step that are listed; the rest is counted."""


@dataclass(frozen=True)
class CallLine:
    """Calls that were alike; `refused` is for the eye."""

    operation: str
    uri: str
    answer: str
    refused: bool
    when: str
    count: int
    size: str


@dataclass(frozen=True)
class CallsView:
    """What is to be told of a step's calls; `unseen` says why there are none to tell, or what is missing."""

    summary: str
    lines: tuple[CallLine, ...] = ()
    left_out: int = 0
    unseen: str | None = None


def calls_view(seen: Observation | None) -> CallsView | None:
    """None where nobody looked, or where there was nothing to see."""
    if seen is None or (not seen.calls and seen.calls_unseen is None):
        return None
    if seen.calls is None:
        return CallsView("not observed", unseen=seen.calls_unseen)
    # What the store did not allow is not lost among the many that it did.
    calls = sorted(seen.calls, key=lambda call: (not call.refused, call.first))
    shown = sorted(calls[:MOST_LISTED], key=lambda call: call.first)
    left_out = len(calls) - len(shown)
    return CallsView(_summary(calls), tuple(map(_line, shown)), left_out, seen.calls_unseen)


def _summary(calls: Sequence[S3Call]) -> str:
    count = sum(call.count for call in calls)
    refused = sum(call.count for call in calls if call.refused)
    return f"{count} {'call' if count == 1 else 'calls'}" + (f", {refused} refused" if refused else "")


def _line(call: S3Call) -> CallLine:
    # Of one call the last time is when it was answered: what matters is when it was made.
    times = (call.first,) if call.count == 1 else (call.first, call.last)
    return CallLine(
        call.operation,
        call.uri if call.bucket else "",
        f"{call.status} {call.error}" if call.error else str(call.status),
        call.refused,
        " to ".join(dict.fromkeys(moment.strftime("%H:%M:%S.%f")[:-3] for moment in times)),
        call.count,
        size_text(call.bytes_in + call.bytes_out),
    )
