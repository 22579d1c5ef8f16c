"""Calls of our own, by which it is known how far the trace has come; knows nothing of what others call.

The store tells of each call when it has answered it, in one stream. When it tells of a mark, it has told of
everything that was answered before the mark was set.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from urllib3.exceptions import HTTPError

MakeCall = Callable[[str], None]
"""Makes a call that bears the word; an `HTTPError` if the store is not to be reached."""

_FIRST_WAIT = 0.005


class UnmarkedError(Exception):
    """The trace did not tell of a mark; the text says why."""


class Marks:
    """Those on their way; `patience` is how long one may take, in seconds."""

    def __init__(self, make_call: MakeCall, patience: float) -> None:
        self._make_call = make_call
        self._patience = patience
        self._waiting: dict[bytes, threading.Event] = {}
        self._wanted = threading.Event()

    def hear(self, line: bytes) -> None:
        """A line that nobody else knew what to do with."""
        for word, arrived in tuple(self._waiting.items()):
            if word in line:
                arrived.set()

    def pause(self, seconds: float) -> None:
        """Let lines gather, unless somebody waits for a mark."""
        self._wanted.wait(seconds)

    def release(self) -> None:
        """Nothing more will be heard: nobody needs to wait."""
        for arrived in tuple(self._waiting.values()):
            arrived.set()

    def set_and_await(self, is_over: Callable[[], bool], *, until_heard: bool = False) -> None:
        """Set one and wait for it, or until the trace is over: who ends it says so and then releases.

        With `until_heard` it is set again and again, for a trace that is only beginning.
        """
        word = f"mark-{secrets.token_hex(12)}"
        arrived = self._waiting[word.encode()] = threading.Event()
        self._wanted.set()
        try:
            self._await(word, arrived, is_over, _FIRST_WAIT if until_heard else self._patience)
        except HTTPError as loss:
            raise UnmarkedError(f"the store did not answer our own call: {loss}") from loss
        finally:
            del self._waiting[word.encode()]
            if not self._waiting:
                self._wanted.clear()

    def _await(self, word: str, arrived: threading.Event, is_over: Callable[[], bool], wait: float) -> None:
        ends = time.monotonic() + self._patience
        while time.monotonic() < ends:
            if is_over():
                return
            self._make_call(word)
            if arrived.wait(min(wait, max(0.0, ends - time.monotonic()))):
                return
            wait *= 2
        raise UnmarkedError(f"the store's trace did not tell of our own call within {self._patience:g} s")
