"""Ctrl-C: the first stops the execution cleanly, and says so; the third gives up on that."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

from seatrial.cli.options import say
from seatrial.execution import Control

PATIENCE = 3


@contextlib.contextmanager
def stopping(control: Control) -> Iterator[None]:
    """While the `with` lasts, SIGINT and SIGTERM stop the execution instead of this process."""
    presses = 0

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses >= PATIENCE:
            raise KeyboardInterrupt
        say("stopping: containers get SIGTERM, then their grace" if presses == 1 else "still stopping")
        control.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
