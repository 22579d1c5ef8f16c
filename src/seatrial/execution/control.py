"""The line into a running execution from other threads: stop it, tell of a job's progress or end."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeAlias

from seatrial.ports.jobs import JobProgress, JobResult


@dataclass(frozen=True)
class JobEnded:
    """One attempt's job is over, whichever way."""

    step: str
    attempt: int
    future: Future[JobResult]


@dataclass(frozen=True)
class JobProgressed:
    """There is news of a job; `Control.latest` has it."""

    job_name: str


@dataclass(frozen=True)
class StopRequested:
    """Somebody wants the execution to stop."""


@dataclass(frozen=True)
class WaitOver:
    """A step has waited for its next attempt long enough."""

    step: str


Message: TypeAlias = JobEnded | JobProgressed | StopRequested | WaitOver


class Control:
    """One for each run of an execution; every method may be called from any thread."""

    def __init__(self) -> None:
        # SimpleQueue, because its `put` may interrupt itself: `stop` is called from signal handlers.
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._progress: dict[str, JobProgress] = {}
        self._lock = threading.Lock()
        self._stop_requested = False
        self._insisted = False

    def stop(self) -> None:
        """Stop running jobs, start no more; the execution can be resumed.

        Asked a second time, nobody waits any longer for answers to Callback steps.
        """
        self._insisted = self._stop_requested
        self._stop_requested = True
        self._messages.put(StopRequested())

    @property
    def stop_requested(self) -> bool:
        """Whether anybody called `stop`."""
        return self._stop_requested

    @property
    def insisted(self) -> bool:
        """Whether anybody called `stop` when it had been called before."""
        return self._insisted

    def progress(self, progress: JobProgress) -> None:
        """A `JobListener`: however fast the news come, only the latest of each job waits to be read."""
        with self._lock:
            waiting = progress.job_name in self._progress
            self._progress[progress.job_name] = progress
        if not waiting:
            self._messages.put(JobProgressed(progress.job_name))

    def latest(self, job_name: str) -> JobProgress | None:
        """The latest news of a job, once."""
        with self._lock:
            return self._progress.pop(job_name, None)

    def ended(self, step: str, attempt: int, future: Future[JobResult]) -> None:
        """An attempt's future is done."""
        self._messages.put(JobEnded(step, attempt, future))

    def wait_over(self, step: str) -> None:
        """The time for the step's next attempt has come."""
        self._messages.put(WaitOver(step))

    def wait(self) -> Message:
        """The next message, in the order in which they came."""
        return self._messages.get()
