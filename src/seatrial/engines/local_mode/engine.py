"""The job engine that hands every job to the SageMaker SDK's local mode; knows no steps and no pipelines."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.engine import StoppableEngine
from seatrial.engines.local_mode.attempt import Attempt, Parts
from seatrial.engines.local_mode.process import CHILD
from seatrial.engines.local_mode.stage import staging
from seatrial.engines.local_mode.surroundings import Surroundings
from seatrial.engines.local_mode.unsupported import list_unsupported
from seatrial.engines.local_mode.without_effect import list_without_effect
from seatrial.ports.clock import Clock
from seatrial.ports.images import ImageResolver
from seatrial.ports.jobs import JobKind, JobRequest, JobResult
from seatrial.ports.observation import CallLog
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


class LocalModeEngine(StoppableEngine):
    """Every job is a process that runs `program`."""

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
        calls: CallLog | None = None,
    ) -> None:
        super().__init__(clock)
        self._parts = Parts(runner, store, address, images, settings, surroundings, program, calls)

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that local mode cannot honour."""
        return list_unsupported(kind, parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that local mode accepts and does not honour."""
        return list_without_effect(kind, parameters)

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Let local mode do the job."""
        with staging(request.folder, self._parts.runner) as folder:
            return Attempt(self._parts, request, diary, folder, stop).perform()

    def _interrupt(self, job_name: str) -> None:
        """The attempt itself watches for a stop: it ends the job's process and its containers."""
