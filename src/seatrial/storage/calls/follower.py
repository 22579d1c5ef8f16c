"""Follows the store's trace for as long as somebody's calls are of interest; one a process.

The trace is what everybody calls: lines of nobody that was asked for are dropped unread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from seatrial.ports.observation import SeenCalls
from seatrial.storage.calls.entries import read_entry
from seatrial.storage.calls.marks import MakeCall, Marks, UnmarkedError
from seatrial.storage.calls.stream import BrokenTraceError, NoTraceError
from seatrial.storage.calls.tally import MOST, Tally

_PATIENCE = 10.0
_IDLE = 5.0
# Thousands of small files are thousands of lines: to wake for each takes time from whoever moves the files.
_GATHERED = 0.02
_SAME_KEYS = (
    "the job had the store's own keys (store.own_keys_in_jobs): its calls cannot be told from seatrial's"
)

Lines = Callable[[], Iterator["bytes | None"]]
"""Opens the trace anew: its lines, None for a moment without one; see `stream.trace`."""


@dataclass
class _Followed:
    """One key: what was called with it, or why that is not known."""

    tally: Tally
    unseen: str | None = None


class TracedCalls:
    """Implements `ports.observation.CallLog`; serves all threads of a process.

    The thread that reads begins with the first key, and ends some seconds after the last was forgotten.
    """

    def __init__(
        self,
        lines: Lines,
        make_call: MakeCall,
        own_key: str,
        *,
        most: int = MOST,
        patience: float = _PATIENCE,
        idle: float = _IDLE,
    ) -> None:
        self._lines = lines
        self._own_key = own_key
        self._most = most
        self._idle = idle
        self._marks = Marks(make_call, patience)
        self._beginning = threading.Lock()
        self._lock = threading.Lock()
        self._keys: dict[bytes, _Followed] = {}
        self._reader: threading.Thread | None = None
        self._never: str | None = None

    def expect(self, access_key: str) -> None:
        """From now on calls with this key are kept; where that is not possible, why it is not."""
        followed = _Followed(Tally(self._most))
        if access_key == self._own_key:
            followed.unseen = _SAME_KEYS
        with self._lock:
            # A new dictionary each time: the reader goes through the one that it has.
            self._keys = {**self._keys, access_key.encode(): followed}
        if followed.unseen is None:
            self._begin(followed)

    def forget(self, access_key: str) -> None:
        """Calls with this key are of no interest any more."""
        with self._lock:
            self._keys = {key: kept for key, kept in self._keys.items() if key != access_key.encode()}

    def calls_of(self, access_key: str) -> SeenCalls:
        """Every call that was answered until now; a trace that broke meanwhile tells of none."""
        followed = self._keys.get(access_key.encode())
        if followed is None:
            return SeenCalls(None, "nobody looked at the calls of this key")
        if followed.unseen is None:
            try:
                self._marks.set_and_await(lambda: followed.unseen is not None)
            except UnmarkedError as late:
                self._end(self._reader, str(late))
        with self._lock:
            return SeenCalls(None, followed.unseen) if followed.unseen else followed.tally.seen()

    def _begin(self, followed: _Followed) -> None:
        """See to it that the trace is followed before anybody has the key."""
        with self._beginning:
            with self._lock:
                if self._never is not None:
                    followed.unseen = self._never
                if self._never is not None or self._reader is not None:
                    return
                reader = threading.Thread(target=self._follow, name="seatrial-trace", daemon=True)
                self._reader = reader
            reader.start()
            try:
                # Nothing says when the store has begun to tell, so it is called until it tells of that.
                self._marks.set_and_await(lambda: self._reader is not reader, until_heard=True)
            except UnmarkedError as silence:
                if self._end(reader, str(silence)):
                    self._never = str(silence)

    def _follow(self) -> None:
        me = threading.current_thread()
        try:
            idle_since: float | None = None
            for line in self._lines():
                if self._reader is not me:
                    return
                if line is not None:
                    self._hear(line)
                    continue
                idle_since = None if self._keys else idle_since or time.monotonic()
                if idle_since and time.monotonic() - idle_since > self._idle and self._leave():
                    return
                self._marks.pause(_GATHERED)
        except NoTraceError as none:
            self._never = str(none)
            self._end(me, self._never)
        except BrokenTraceError as broken:
            self._end(me, str(broken))
        except Exception as trouble:  # noqa: BLE001  # a reader that dies unheard would look like jobs without calls
            self._end(me, f"the store's trace cannot be read: {trouble!r}")

    def _leave(self) -> bool:
        """Whether really nobody wants it any more."""
        with self._lock:
            if self._keys:
                return False
            self._reader = None
            return True

    def _hear(self, line: bytes) -> None:
        if not any(key in line for key in self._keys):
            self._marks.hear(line)
            return
        entry = read_entry(line)
        if entry is None:
            return
        with self._lock:
            followed = self._keys.get(entry.access_key.encode())
            if followed is not None:
                followed.tally.add(entry.calls)

    def _end(self, reader: threading.Thread | None, why: str) -> bool:
        """Who waits hears of it, and nobody's calls until now are known; no if it had ended before."""
        with self._lock:
            if self._reader is not reader:
                return False
            self._reader = None
            for followed in self._keys.values():
                followed.unseen = followed.unseen or why
        self._marks.release()
        return True
