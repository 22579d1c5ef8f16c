"""Jobs that only wait for somebody: they take no slot, and nothing waits for them when the process ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from seatrial.execution.steps.step_type import Done
from seatrial.ports.executions import StepStatus
from seatrial.ports.jobs import JobKind

WAITING_KINDS: frozenset[JobKind] = frozenset({"Callback"})

GIVEN_UP = Done(StepStatus.STOPPED, failure_reason="the execution was stopped before anybody had answered")

_Result = TypeVar("_Result")


class OwnThreads(Executor):
    """A thread for each, in the driver's process: that is where answers are looked for."""

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """Begin at once; such a future is never cancelled."""
        future: Future[_Result] = Future()
        future.set_running_or_notify_cancel()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001  # whoever holds the future hears of it
                future.set_exception(error)

        threading.Thread(target=run, name="wait for an answer", daemon=True).start()
        return future
