"""Hears in the driving process that another process wants its execution to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from seatrial.errors import RecordError
from seatrial.execution.control import Control

logger = logging.getLogger(__name__)

# SQLite tells nobody of news: one look costs some tens of microseconds.
_LOOK_SECONDS = 0.5


@contextmanager
def listening(control: Control, asked: Callable[[], int]) -> Iterator[None]:
    """While the `with` lasts, stop the execution as often as `asked` says that somebody wants it."""
    over = threading.Event()
    ear = threading.Thread(target=_listen, args=(control, asked, over), name="hear of a stop", daemon=True)
    ear.start()
    try:
        yield
    finally:
        over.set()
        ear.join()


def _listen(control: Control, asked: Callable[[], int], over: threading.Event) -> None:
    heard = 0
    while not over.is_set():
        try:
            times = asked()
        except RecordError:
            # The boundary of a thread: the driver meets the same trouble and says it.
            logger.exception("no longer hears of a stop that another process asks for")
            return
        for _ in range(times - heard):
            control.stop()
        heard = times
        over.wait(_LOOK_SECONDS)
