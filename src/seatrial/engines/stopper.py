"""Stops running jobs without waiting for them, and asks again until each has ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

# A job that had not reached its engine when it was first asked to stop is caught by the next try.
_AGAIN_SECONDS = 1.0


class Stopper:
    """One thread for each job, so that one job's grace does not keep the others running.

    Used by one thread; `ended` may be called from any.
    """

    def __init__(self, stop_job: Callable[[str], None]) -> None:
        self._stop_job = stop_job
        self._ended: dict[str, threading.Event] = {}

    def stop(self, job_name: str) -> None:
        """Ask the job to stop until `ended` is called for it."""
        if job_name in self._ended:
            return
        self._ended[job_name] = threading.Event()
        threading.Thread(target=self._ask, args=(job_name,), name=f"stop {job_name}", daemon=True).start()

    def ended(self, job_name: str) -> None:
        """The job is over."""
        if job_name in self._ended:
            self._ended[job_name].set()

    def _ask(self, job_name: str) -> None:
        while not self._ended[job_name].is_set():
            try:
                self._stop_job(job_name)
            except Exception:
                # The boundary of a thread: there is nobody above to tell, and the next try may succeed.
                logger.exception("stopping job %s failed", job_name)
            self._ended[job_name].wait(_AGAIN_SECONDS)
