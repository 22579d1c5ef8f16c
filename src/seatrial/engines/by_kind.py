"""Several job engines as one: each kind of job goes to the engine that runs it; runs nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.ports.jobs import JobEngine, JobKind, JobListener, JobRequest, JobResult


class EngineByKind(JobEngine):
    """There must be an engine for every kind; one may stand for several."""

    def __init__(self, engines: Mapping[JobKind, JobEngine]) -> None:
        self._engines = dict(engines)

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the engine of this kind says."""
        return self._engines[kind].unsupported(kind, parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What the engine of this kind says."""
        return self._engines[kind].without_effect(kind, parameters)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Run the job where its kind is run."""
        return self._engines[request.kind].run(request, listener)

    def stop(self, job_name: str) -> None:
        """Ask each: only the one that runs it knows it."""
        for engine in dict.fromkeys(self._engines.values()):
            engine.stop(job_name)

    def release(self, execution_id: str) -> None:
        """Each lets go of what is its own."""
        for engine in dict.fromkeys(self._engines.values()):
            engine.release(execution_id)
