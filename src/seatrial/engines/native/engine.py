"""SageMaker's processing and training jobs under the `/opt/ml` contract; knows no steps and no pipelines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.engine import InterruptingEngine
from seatrial.engines.native.attempt import Attempt
from seatrial.engines.native.parts import Parts, nothing_stands
from seatrial.engines.native.staging import staging
from seatrial.engines.native.unsupported import list_unsupported
from seatrial.engines.native.without_effect import list_without_effect
from seatrial.ports.clock import Clock
from seatrial.ports.images import ImageResolver
from seatrial.ports.jobs import JobKind, JobRequest, JobResult
from seatrial.ports.observation import CallLog
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


class NativeEngine(InterruptingEngine[Attempt]):
    """Runs processing and training jobs, each in a container of its own, or in one for each instance."""

    def __init__(
        self,
        runner: Runner,
        store: ObjectStore,
        address: StoreAddress,
        images: ImageResolver,
        settings: Settings,
        clock: Clock,
        *,
        standing: Callable[[str], Mapping[str, str]] = nothing_stands,
        calls: CallLog | None = None,
    ) -> None:
        super().__init__(clock)
        self._parts = Parts(runner, store, address, images, settings, standing, calls)

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that cannot be honoured."""
        return list_unsupported(kind, parameters, self._parts.settings.max_instances)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that is accepted and changes nothing."""
        return list_without_effect(kind, parameters)

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Stage in, run the container, stage out."""
        with staging(request.folder, self._parts.runner) as stage:
            attempt = Attempt(self._parts, request, diary, stage, stop)
            with self._lasting(request.name, attempt):
                try:
                    return attempt.perform()
                finally:
                    attempt.settle()
