"""The frame that engines share: a diary for each job, and stops that may come before the job does."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from seatrial.engines.diary import Diary
from seatrial.engines.stopping import StopRequests
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobListener, JobRequest, JobResult


class StoppableEngine(JobEngine):
    """One of these serves all threads of a process.

    What is the job's own fault (or its author's) is a `JobResult` with status Failed. What is this
    machine's fault (Docker gone, the store gone, the disk full) is an `EnvironmentUnfitError`.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stops = StopRequests()

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Do the job; nothing but the log is left in the request's folder."""
        request.folder.mkdir(parents=True, exist_ok=True)
        diary = Diary(request.name, listener, self._clock)
        with self._stops.expecting(request.name) as stop:
            return self._perform(request, diary, stop)

    def stop(self, job_name: str) -> None:
        """Stop the job wherever it is: before its work, in it, or never heard of."""
        self._stops.ask(job_name)
        self._interrupt(job_name)

    def release(self, execution_id: str) -> None:
        """Nothing: most jobs leave nothing running."""

    @abstractmethod
    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Do the job from its request to its result."""

    @abstractmethod
    def _interrupt(self, job_name: str) -> None:
        """End what the job is doing now; a name that does not run here is no error."""


class Interruptible(Protocol):
    """An attempt that hears of a stop while it runs."""

    def interrupt(self) -> None:
        """Somebody wants it to end."""


AttemptT = TypeVar("AttemptT", bound=Interruptible)


class InterruptingEngine(StoppableEngine, Generic[AttemptT]):
    """Knows each attempt for as long as it lasts, so that a stop reaches it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._attempts: dict[str, AttemptT] = {}

    @contextmanager
    def _lasting(self, job_name: str, attempt: AttemptT) -> Iterator[AttemptT]:
        self._attempts[job_name] = attempt
        try:
            yield attempt
        finally:
            del self._attempts[job_name]

    def _interrupt(self, job_name: str) -> None:
        if attempt := self._attempts.get(job_name):
            attempt.interrupt()
