"""Ctrl-C: the first stops the execution cleanly, and says so; the third gives up on that."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from seatrial.app.parts import Say
from seatrial.execution import Control

PATIENCE = 3
_STILL = "still stopping; answers to Callback steps are no longer waited for; once more ends functions too"


@contextlib.contextmanager
def stopping(control: Control, say: Say) -> Iterator[None]:
    """While the `with` lasts, SIGINT and SIGTERM stop the execution instead of this process.

    Outside the main thread, where Python lets nobody ask for signals, they are left as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    presses = 0

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses >= PATIENCE:
            raise KeyboardInterrupt
        say("stopping: containers get SIGTERM, then their grace" if presses == 1 else _STILL)
        control.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
