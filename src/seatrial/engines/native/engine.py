"""SageMaker's processing and training jobs under the `/opt/ml` contract; knows no steps and no pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.native.attempt import Attempt, Parts
from seatrial.engines.native.staging import staging
from seatrial.engines.native.unsupported import list_unsupported
from seatrial.engines.native.without_effect import list_without_effect
from seatrial.engines.stopping import StopRequests
from seatrial.ports.clock import Clock
from seatrial.ports.images import ImageResolver
from seatrial.ports.jobs import JobEngine, JobKind, JobListener, JobRequest, JobResult
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


class NativeEngine(JobEngine):
    """One of these serves all threads of a process.

    What is the job's own fault (or its author's) is a `JobResult` with status Failed. What is this
    machine's fault (Docker gone, the store gone, the disk full) is an `EnvironmentUnfitError`.
    """

    def __init__(
        self,
        runner: Runner,
        store: ObjectStore,
        address: StoreAddress,
        images: ImageResolver,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._parts = Parts(runner, store, address, images, settings)
        self._clock = clock
        self._stops = StopRequests()

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that cannot be honoured."""
        return list_unsupported(kind, parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that is accepted and changes nothing."""
        return list_without_effect(kind, parameters)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Stage in, run the container, stage out; nothing but the log is left in the request's folder."""
        request.folder.mkdir(parents=True, exist_ok=True)
        diary = Diary(request.name, listener, self._clock)
        with (
            self._stops.expecting(request.name) as stop,
            staging(request.folder, self._parts.runner) as stage,
        ):
            try:
                return Attempt(self._parts, request, diary, stage, stop).perform()
            finally:
                self._parts.runner.settle(request.name)

    def stop(self, job_name: str) -> None:
        """Stop the job wherever it is: before its container, in it, or never heard of."""
        self._stops.ask(job_name)
        self._parts.runner.stop(job_name)
