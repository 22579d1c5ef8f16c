"""Which jobs run here and which were asked to stop; knows no Docker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class StopRequests:
    """Remembers a stop that came before the job's container did, so that it never starts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, threading.Event] = {}

    @contextmanager
    def expecting(self, job_name: str) -> Iterator[threading.Event]:
        """The event that is set once the job was asked to stop."""
        asked = threading.Event()
        with self._lock:
            self._jobs[job_name] = asked
        try:
            yield asked
        finally:
            with self._lock:
                del self._jobs[job_name]

    def ask(self, job_name: str) -> None:
        """Note the wish; a job that does not run here is no error."""
        with self._lock:
            asked = self._jobs.get(job_name)
        if asked:
            asked.set()
