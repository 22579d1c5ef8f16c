"""SageMaker's tuning jobs: each training job goes to the engine that runs those; knows no containers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from seatrial.engines.diary import Diary
from seatrial.engines.engine import StoppableEngine
from seatrial.engines.tuning.attempt import Attempt
from seatrial.engines.tuning.unsupported import list_unsupported
from seatrial.engines.tuning.without_effect import list_without_effect
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobKind, JobRequest, JobResult


class TuningEngine(StoppableEngine):
    """Runs tuning jobs and no others; `slots` training jobs at a time at most, whatever a request says."""

    def __init__(self, training: JobEngine, slots: int, clock: Clock) -> None:
        super().__init__(clock)
        self._training = training
        self._slots = slots

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that cannot be honoured."""
        return list_unsupported(parameters, self._training)

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """`<JSON pointer>: <reason>` for each member that is accepted and changes nothing."""
        return list_without_effect(parameters, self._training)

    def _perform(self, request: JobRequest, diary: Diary, stop: threading.Event) -> JobResult:
        return Attempt(self._training, self._slots, self._clock, request, diary, stop).perform()

    def _interrupt(self, job_name: str) -> None:
        """The search looks at the wish itself, and asks its training jobs to stop."""
