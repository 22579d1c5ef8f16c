"""SageMaker's endpoints in served containers; knows no steps and no pipelines."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.engine import InterruptingEngine
from seatrial.engines.hosting.attempt import Attempt
from seatrial.engines.hosting.standing import Standing
from seatrial.engines.hosting.without_effect import list_without_effect
from seatrial.engines.native.staging import staging
from seatrial.engines.serving.parts import Parts
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobKind, JobRequest, JobResult


class HostingEngine(InterruptingEngine[Attempt]):
    """Brings endpoints into service; they stay until `release`."""

    def __init__(self, parts: Parts, standing: Standing, clock: Clock) -> None:
        super().__init__(clock)
        self._parts = parts
        self._standing = standing

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Nothing of a CreateEndpoint request: what cannot be done stands in its configuration and models."""
        return []

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that is accepted and changes nothing."""
        return list_without_effect(parameters)

    def release(self, execution_id: str) -> None:
        """Stop every endpoint of the execution."""
        self._standing.release(execution_id)

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Start it; unless it comes into service nothing of it stays."""
        with ExitStack() as stack:
            stage = stack.enter_context(staging(request.folder, self._parts.runner))
            attempt = Attempt(self._parts, self._standing, request, diary, stage, stop, stack)
            with self._lasting(request.name, attempt):
                return attempt.perform()
