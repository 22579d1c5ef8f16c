"""SageMaker's batch transform jobs, in served containers; knows no steps and no pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.native.staging import staging
from seatrial.engines.serving.attempt import Attempt
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.unsupported import list_unsupported
from seatrial.engines.serving.without_effect import list_without_effect
from seatrial.engines.stopping import StopRequests
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobKind, JobListener, JobRequest, JobResult


class ServingEngine(JobEngine):
    """One of these serves all threads of a process; it runs transform jobs and no others.

    What is the job's own fault (or its author's) is a `JobResult` with status Failed. What is this
    machine's fault (Docker gone, the store gone, the disk full) is an `EnvironmentUnfitError`.
    """

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self._parts = parts
        self._clock = clock
        self._stops = StopRequests()

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that cannot be honoured."""
        return list_unsupported(parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that is accepted and changes nothing."""
        return list_without_effect(parameters)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Stage in, serve and ask, stage out; nothing but the log is left in the request's folder."""
        request.folder.mkdir(parents=True, exist_ok=True)
        diary = Diary(request.name, listener, self._clock)
        with (
            self._stops.expecting(request.name) as stop,
            staging(request.folder, self._parts.runner) as stage,
        ):
            return Attempt(self._parts, request, diary, stage, stop).perform()

    def stop(self, job_name: str) -> None:
        """Stop the job wherever it is: before its container, in it, or never heard of."""
        self._stops.ask(job_name)
        self._parts.runner.stop(job_name)
