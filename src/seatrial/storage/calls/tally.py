"""The calls of one access key, those alike counted together, and no more of them than memory is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from seatrial.ports.observation import S3Call, SeenCalls

MOST = 10_000
"""Kinds of calls that are kept of one key; what one step did to so many objects is clear by then."""


class _Alike(NamedTuple):
    operation: str
    bucket: str
    key: str
    status: int


class Tally:
    """Grows by calls until it is full; those that have no place any more are counted."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._calls: dict[_Alike, S3Call] = {}
        self._left_out = 0

    def add(self, calls: Iterable[S3Call]) -> None:
        """Count them with those that they are like."""
        for call in calls:
            alike = _Alike(call.operation, call.bucket, call.key, call.status)
            known = self._calls.get(alike)
            if known is not None:
                self._calls[alike] = _together(known, call)
            elif len(self._calls) < self._most:
                self._calls[alike] = call
            else:
                self._left_out += call.count

    def seen(self) -> SeenCalls:
        """All of them, in order of their first time."""
        calls = tuple(sorted(self._calls.values(), key=lambda call: call.first))
        if not self._left_out:
            return SeenCalls(calls)
        return SeenCalls(calls, f"{self._left_out} more calls, of other objects than these {self._most}")


def _together(known: S3Call, call: S3Call) -> S3Call:
    return replace(
        known,
        first=min(known.first, call.first),
        last=max(known.last, call.last),
        count=known.count + call.count,
        bytes_in=known.bytes_in + call.bytes_in,
        bytes_out=known.bytes_out + call.bytes_out,
    )
