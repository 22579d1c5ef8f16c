"""Steps of one execution that wait for their next attempt; the clock decides how long a second is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from itertools import takewhile

from seatrial.definition import RetryPolicy, Step
from seatrial.execution.control import Control
from seatrial.execution.retries import Series, next_attempt
from seatrial.execution.state import ExecutionState
from seatrial.execution.steps.step_type import Done
from seatrial.ports.clock import Clock
from seatrial.ports.executions import StepRecord, StepStatus
from seatrial.ports.jobs import JobResult

# A pause that was ended is heard within this time; its thread does not outlive it for longer.
_PIECE_SECONDS = 1.0


class Retries:
    """Used in the driver's thread alone; the end of a wait reaches it as a message through `Control`."""

    def __init__(
        self,
        state: ExecutionState,
        control: Control,
        clock: Clock,
        last_resort: tuple[RetryPolicy, ...] = (),
    ) -> None:
        """`last_resort` governs what a step's own policies do not name."""
        self._state = state
        self._control = control
        self._clock = clock
        self._last_resort = last_resort
        self._pauses: dict[str, Pause] = {}
        self._due: list[str] = []

    @property
    def pending(self) -> bool:
        """Whether any step waits, or may begin its next attempt now."""
        return bool(self._pauses or self._due)

    def put_off(self, step: Step, done: Done, fault: str | None, result: JobResult | None) -> bool:
        """Let the step, whose attempt has just failed, wait for another; False if it is to fail."""
        if fault is None or done.status is not StepStatus.FAILED or self._state.stopping:
            return False
        record = self._state.step(step.name)
        now = self._clock.now()
        policies = (*step.retry_policies, *self._last_resort)
        at = next_attempt(policies, series_of(record, fault, now), now) if record else None
        if at is None:
            return False
        self._state.waiting(step.name, done, fault, at, result)
        self._pause(step.name, at)
        return True

    def take_up(self, record: StepRecord) -> None:
        """Go on with a wait that an earlier process began."""
        if record.retry_at is not None:
            self._pause(record.name, record.retry_at)

    def over(self, step: str) -> None:
        """The step has waited long enough."""
        if self._pauses.pop(step, None) is not None:
            self._due.append(step)

    def pop_due(self) -> str | None:
        """The next step that may begin its next attempt."""
        return self._due.pop(0) if self._due else None

    def give_up(self) -> list[str]:
        """End every wait; the steps that waited."""
        waited = [*self._due, *self._pauses]
        for pause in self._pauses.values():
            pause.end()
        self._pauses.clear()
        self._due.clear()
        return waited

    def _pause(self, step: str, until: datetime) -> None:
        self._pauses[step] = Pause(self._clock, until, lambda: self._control.wait_over(step))


class Pause:
    """Calls `over` at a time, unless it was ended before."""

    def __init__(self, clock: Clock, until: datetime, over: Callable[[], None]) -> None:
        self._clock = clock
        self._until = until
        self._over = over
        self._ended = threading.Event()
        threading.Thread(target=self._pass_time, name="wait for a retry", daemon=True).start()

    def end(self) -> None:
        """Nobody waits for it any more."""
        self._ended.set()

    def _pass_time(self) -> None:
        while not self._ended.is_set():
            left = (self._until - self._clock.now()).total_seconds()
            if left <= 0:
                self._over()
                return
            self._clock.sleep(min(left, _PIECE_SECONDS))


def series_of(record: StepRecord, fault: str, now: datetime) -> Series:
    """The attempts that policies made, back to the last one that somebody asked for, and the present one."""
    earlier = [*takewhile(lambda attempt: attempt.retried, reversed(record.earlier))][::-1]
    begun = earlier[0].started_at if earlier else record.started_at
    return Series(begun or now, (*(attempt.fault or "" for attempt in earlier), fault))
