"""SageMaker's batch transform jobs, in served containers; knows no steps and no pipelines."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.engine import InterruptingEngine
from seatrial.engines.native.staging import staging
from seatrial.engines.serving.attempt import Attempt
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.unsupported import list_unsupported
from seatrial.engines.serving.without_effect import list_without_effect
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobKind, JobRequest, JobResult


class ServingEngine(InterruptingEngine[Attempt]):
    """Runs transform jobs and no others."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        super().__init__(clock)
        self._parts = parts

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that cannot be honoured."""
        return list_unsupported(parameters)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that is accepted and changes nothing."""
        return list_without_effect(parameters)

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Stage in, serve and ask, stage out."""
        with staging(request.folder, self._parts.runner) as stage:
            attempt = Attempt(self._parts, request, diary, stage, stop)
            with self._lasting(request.name, attempt):
                return attempt.perform()
