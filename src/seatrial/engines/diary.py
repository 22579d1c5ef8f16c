"""What happened to one job so far: its states with their times, told to the listener as they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from seatrial.engines.describe import History
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobListener, JobProgress
from seatrial.ports.runners import JobOutcome


class Diary:
    """Kept by the thread that runs the job."""

    def __init__(self, job_name: str, listener: JobListener, clock: Clock) -> None:
        self._job_name = job_name
        self._listener = listener
        self._clock = clock
        self._states: list[tuple[str, datetime]] = []
        self._container: tuple[datetime, datetime] | None = None
        self._bytes = (0, 0)
        self.seconds: dict[str, float] = {}

    def enter(self, status: str) -> None:
        """The job is in this state from now on."""
        self._states.append((status, self._clock.now()))
        self._tell()

    def moved(self, *, bytes_in: int = 0, bytes_out: int = 0) -> None:
        """So much more was brought in and sent out."""
        self._bytes = (self._bytes[0] + bytes_in, self._bytes[1] + bytes_out)
        self._tell()

    def ran(self, outcome: JobOutcome) -> None:
        """The container's own times."""
        self._container = (outcome.started_at, outcome.ended_at)

    @contextmanager
    def running(self) -> Iterator[None]:
        """What is done inside is the container's time."""
        started = self._clock.now()
        try:
            yield
        finally:
            self._container = (started, self._clock.now())

    @contextmanager
    def timing(self, phase: str) -> Iterator[None]:
        """Count the seconds of a phase, also of one that fails."""
        started = self._clock.now()
        try:
            yield
        finally:
            self.seconds[phase] = (self._clock.now() - started).total_seconds()

    @property
    def history(self) -> History:
        """All so far."""
        return History(tuple(self._states), self._container)

    def _tell(self) -> None:
        self._listener(JobProgress(self._job_name, self._states[-1][0], *self._bytes))
