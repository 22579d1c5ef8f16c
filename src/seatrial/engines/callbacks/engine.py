"""Sends the messages of Callback steps and waits for their answers; knows no steps and no pipelines."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from seatrial.engines.callbacks.parts import Parts
from seatrial.engines.callbacks.waiting import Wait
from seatrial.engines.diary import Diary
from seatrial.engines.engine import StoppableEngine
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobKind, JobRequest, JobResult


class CallbacksEngine(StoppableEngine):
    """A stop is told to whoever answers, and then waited for, as in the service; a release ends the wait."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        super().__init__(clock)
        self._parts = parts
        self._lock = threading.Lock()
        self._waits: dict[str, list[Wait]] = {}

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Nothing: `parameters` is what the message carries, and any will do."""
        return []

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Nothing."""
        return []

    def release(self, execution_id: str) -> None:
        """Nobody wants to hear the answers any more; they are kept if they come."""
        with self._lock:
            waits = self._waits.pop(execution_id, [])
        for wait in waits:
            wait.release()
        for wait in waits:
            wait.see_out()

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        """Send, wait, answer."""
        wait = Wait(self._parts, request, diary, stop)
        with self._lock:
            self._waits.setdefault(request.execution_id, []).append(wait)
        return wait.perform()

    def _interrupt(self, job_name: str) -> None:
        """The wait itself looks for a stop."""
