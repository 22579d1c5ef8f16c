"""Runs one job, in the driver's process or in another: what is handed to the executor, and all that travels.

Where it arrives by pickle it makes parts of its own, once a process: Docker is that machine's, the store the
one that both reach.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from functools import lru_cache

from seatrial.app.parts import Parts
from seatrial.ports.jobs import JobEngine, JobListener, JobProgress, JobRequest, JobResult

logger = logging.getLogger(__name__)

_ENGINES_KEPT = 4


class RunJob:
    """Called with a request; `listener` hears of progress, unless the job runs in another process."""

    def __init__(self, parts: Parts, engine_name: str, listener: JobListener) -> None:
        self.engine = parts.engine(engine_name)
        self._parts = parts
        self._engine_name = engine_name
        self._listener = listener

    def __call__(self, request: JobRequest) -> JobResult:
        """All that leaves the driver's thread."""
        return self.engine.run(request, self._listener)

    def __reduce__(self) -> tuple[Callable[..., RunElsewhere], tuple[str, bytes]]:
        """Neither sockets nor threads travel: settings, addresses, the role's keys, the engine's name do."""
        return RunElsewhere, (
            self._engine_name,
            pickle.dumps((self._parts.settings, self._parts.address, self._parts.role)),
        )


class RunElsewhere:
    """The same in a process that has no parts yet."""

    def __init__(self, engine_name: str, place: bytes) -> None:
        self._engine_name = engine_name
        self._place = place

    def __call__(self, request: JobRequest) -> JobResult:
        """Nobody hears of the job's progress: its news have no way back but its result."""
        return _engine_here(self._engine_name, self._place).run(request, _to_nobody)


@lru_cache(_ENGINES_KEPT)
def _engine_here(engine_name: str, place: bytes) -> JobEngine:
    settings, address, role = pickle.loads(place)  # noqa: S301  # what __reduce__ wrote, by the way that the job itself came
    parts = Parts(settings, logger.info, address=address)
    parts.role = role
    parts.prepare_engine(engine_name)
    return parts.engine(engine_name)


def _to_nobody(progress: JobProgress) -> None:
    """The driver is in another process."""
