"""Carries a container's output, byte for byte, into its log while it runs; knows nothing of its meaning.

Standard output and error share one file as on a terminal, but a line is never cut by the other stream.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import BinaryIO, Protocol

from docker.api import APIClient
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from seatrial.runners.streaming import stream

_HEADER_SIZE = 8
# A line longer than this is written as it comes; holding it back would only cost memory.
LONGEST_HELD_LINE = 1 << 20
# The stream ends with the container; only a lost engine leaves it open.
_LAST_WORDS_SECONDS = 10.0
_EARLY_SECONDS = 0.1


class Source(Protocol):
    """What frames are read from."""

    def read(self, amount: int) -> bytes: ...


class Lines:
    """Two streams into one file: whole lines at once, an unfinished one waits for its end."""

    def __init__(self, log: BinaryIO) -> None:
        self._log = log
        self._held: dict[int, bytearray] = {}

    def write(self, source: int, data: bytes) -> None:
        """Take what came from one stream; a carriage return ends a line too, for progress bars."""
        held = self._held.setdefault(source, bytearray())
        cut = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if not cut and len(held) + len(data) <= LONGEST_HELD_LINE:
            held += data
            return
        cut = cut or len(data)
        self._log.write(bytes(held) + data[:cut])
        self._log.flush()
        held[:] = data[cut:]

    def close(self) -> None:
        """Write what never got its line end."""
        for held in self._held.values():
            self._log.write(bytes(held))
        self._held.clear()
        self._log.flush()


class Output:
    """The output of one container, followed by a thread of its own from before the start."""

    def __init__(self, api: APIClient, container: str, log_path: Path) -> None:
        self._api = api
        self._container = container
        self._log_path = log_path
        self._offset = log_path.stat().st_size if log_path.exists() else 0
        self._response = stream(api, "POST", container, "attach", stdout="1", stderr="1", stream="1")
        self.trouble: OSError | None = None
        self._cut = False
        self._followed_until = float("inf")
        self._thread = threading.Thread(target=self._follow, name=f"output {container[:12]}", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Once the container ended: wait until everything is in the log; fetch it anew if the stream was cut.

        A stream that ended well before its container may have been cut between two frames; if the
        program merely closed its output, fetching it again does no harm.
        """
        now = time.monotonic()
        self._thread.join(_LAST_WORDS_SECONDS)
        if self.trouble is None and (self._cut or now - self._followed_until > _EARLY_SECONDS):
            self._fetch()

    def _follow(self) -> None:
        try:
            with self._response, self._log_path.open("ab") as log:
                self._cut = not copy_frames(self._response.raw, log)
        except (RequestException, HTTPError, AttributeError):
            self._cut = True
        except OSError as trouble:
            self.trouble = trouble
        finally:
            self._followed_until = time.monotonic()

    def _fetch(self) -> None:
        """Replace what was followed by what the engine kept, if that is more: it keeps only so much."""
        try:
            answer = stream(self._api, "GET", self._container, "logs", stdout="1", stderr="1")
            with answer, tempfile.TemporaryFile() as kept, self._log_path.open("r+b") as log:
                copy_frames(answer.raw, kept)
                if kept.tell() > log.seek(0, os.SEEK_END) - self._offset:
                    log.truncate(self._offset)
                    log.seek(self._offset)
                    kept.seek(0)
                    shutil.copyfileobj(kept, log)
        except (RequestException, HTTPError, OSError):
            return  # the engine is gone: what was followed so far stays


def copy_frames(frames: Source, log: BinaryIO) -> bool:
    """Unpack Docker's frames into the log; False if the last one is incomplete."""
    lines = Lines(log)
    try:
        while header := frames.read(_HEADER_SIZE):
            if len(header) < _HEADER_SIZE:
                return False
            wanted = int.from_bytes(header[4:], "big")
            data = frames.read(wanted)
            lines.write(header[0], data)
            if len(data) < wanted:
                return False
        return True
    finally:
        lines.close()
