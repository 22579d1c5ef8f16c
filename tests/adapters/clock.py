"""A clock that moves only when told to, or a little with every look at it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

from seatrial.ports.clock import Clock

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


class StillClock(Clock):
    """Starts at `START`; every `now` is `tick` seconds after the one before."""

    def __init__(self, tick: float = 0.0) -> None:
        self._now = START
        self._tick = timedelta(seconds=tick)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time that the test made it."""
        with self._lock:
            now = self._now
            self._now += self._tick
            return now

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
