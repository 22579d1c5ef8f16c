"""The job engine that hands every job to the SageMaker SDK's local mode; knows no steps and no pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.local_mode.attempt import Attempt, Parts
from seatrial.engines.local_mode.process import CHILD
from seatrial.engines.local_mode.stage import staging
from seatrial.engines.local_mode.surroundings import Surroundings
from seatrial.engines.local_mode.unsupported import list_unsupported
from seatrial.engines.local_mode.without_effect import list_without_effect
from seatrial.engines.stopping import StopRequests
from seatrial.ports.clock import Clock
from seatrial.ports.images import ImageResolver
from seatrial.ports.jobs import JobEngine, JobKind, JobListener, JobRequest, JobResult
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


class LocalModeEngine(JobEngine):
    """One of these serves all threads of a process; every job is a process that runs `program`."""

    def __init__(
        self,
        runner: Runner,
        store: ObjectStore,
        address: StoreAddress,
        images: ImageResolver,
        settings: Settings,
        clock: Clock,
        surroundings: Surroundings,
        *,
        program: str = CHILD,
    ) -> None:
        self._parts = Parts(runner, store, address, images, settings, surroundings, program)
        self._clock = clock
        self._stops = StopRequests()

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that local mode cannot honour."""
        return list_unsupported(kind, parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that local mode accepts and does not honour."""
        return list_without_effect(kind, parameters)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Let local mode do the job; nothing but the log is left in the request's folder."""
        request.folder.mkdir(parents=True, exist_ok=True)
        diary = Diary(request.name, listener, self._clock)
        with (
            self._stops.expecting(request.name) as stop,
            staging(request.folder, self._parts.runner) as folder,
        ):
            return Attempt(self._parts, request, diary, folder, stop).perform()

    def stop(self, job_name: str) -> None:
        """End the job's process and its containers; what it has uploaded by then stays."""
        self._stops.ask(job_name)
