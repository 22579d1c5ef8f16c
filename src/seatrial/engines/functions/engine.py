"""Calls Lambda functions, each in a container of its own; knows no steps and no pipelines."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.engine import InterruptingEngine
from seatrial.engines.functions.attempt import Attempt
from seatrial.engines.functions.parts import Parts
from seatrial.engines.native.staging import staging
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobKind, JobRequest, JobResult


class FunctionsEngine(InterruptingEngine[Attempt]):
    """A call that has begun cannot be stopped, as it cannot in the service; a release ends it."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        super().__init__(clock)
        self._parts = parts

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Nothing: `parameters` is an event, and any will do."""
        return []

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Nothing."""
        return []

    def release(self, execution_id: str) -> None:
        """Nobody waits for what runs; where an execution comes to its end by itself, nothing does."""
        for attempt in list(self._attempts.values()):
            if attempt.execution_id == execution_id:
                attempt.kill()

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Bring in the code, call it, read the answer."""
        with staging(request.folder, self._parts.runner) as stage:
            attempt = Attempt(self._parts, request, diary, stage, stop)
            with self._lasting(request.name, attempt):
                try:
                    return attempt.perform()
                finally:
                    self._parts.runner.settle(request.name)
