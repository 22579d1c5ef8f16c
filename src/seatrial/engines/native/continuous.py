"""Sends what the service would send while a job runs; a thread of its own looks into the folders.

A file that is being written may go up in part, and goes up again: as from the service. Nothing that goes
wrong here matters but for the time at which an object is there: all goes up once more when the job has ended.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from seatrial.engines.job import JobOutput
from seatrial.engines.locations import staged
from seatrial.engines.native.trees import TooDeepError, files, spelt_out
from seatrial.errors import SeatrialError
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Upload

PAUSE_SECONDS = 1.0
# Of all time, the part that looking may take: a folder of many files is looked into less often.
_SHARE = 0.1
_log = logging.getLogger(__name__)

Stamp = tuple[int, int]
"""Size and time of a file."""


class Sync:
    """What is in the store of the folders of some trees, and how it gets there."""

    def __init__(self, store: ObjectStore, trees: Sequence[Path], outputs: Sequence[JobOutput]) -> None:
        self._store = store
        self._trees = trees
        self._outputs = outputs
        self._known: dict[Path, Stamp] = {}
        self._mirrored: dict[Path, S3Uri] = {}
        self.sent: dict[S3Uri, StoredObject] = {}

    def begin(self) -> None:
        """What lies there now was brought in from the store, or is nothing of the job's."""
        for path, stamp, target, mirrored in self._found():
            self._known[path] = stamp
            if mirrored:
                self._mirrored[path] = target

    def look(self) -> None:
        """Send what is new or changed; take away what is gone from a mirrored folder."""
        found = list(self._found())
        changed = [
            each for each in found if self._known.get(each[0]) != each[1] and _can_go(each[0], each[2])
        ]
        self._send([Upload(path, target) for path, _, target, _ in changed])
        for path, stamp, target, mirrored in changed:
            if target in self.sent:
                self._known[path] = stamp
                if mirrored:
                    self._mirrored[path] = target
        self._take_away({path for path, *_ in found})

    def _found(self) -> Iterator[tuple[Path, Stamp, S3Uri, bool]]:
        for tree in self._trees:
            for output in self._outputs:
                for entry in files(tree, staged(tree, output.container_path)):
                    stamp = (entry.size, entry.modified_ns)
                    yield entry.path, stamp, output.uri.child(entry.name), output.form == "mirror"

    def _send(self, uploads: Sequence[Upload]) -> None:
        """All at once; if that is refused, one by one: a name that no object can have is its own."""
        for each in uploads:
            self.sent.pop(each.target, None)
        if not uploads:
            return
        try:
            for stored in self._store.upload(uploads):
                self.sent[S3Uri(stored.bucket, stored.key)] = stored
        except (SeatrialError, OSError) as trouble:  # a file may be gone by now
            if len(uploads) == 1:
                _log.debug("%s is not sent yet: %s", uploads[0].source, trouble)
                return
            for each in uploads:
                self._send([each])

    def _take_away(self, there: set[Path]) -> None:
        gone = {path: target for path, target in self._mirrored.items() if path not in there}
        held = {target for path, target in self._mirrored.items() if path in there}
        self._store.delete(target for target in gone.values() if target not in held)
        for path, target in gone.items():
            del self._mirrored[path]
            self._known.pop(path, None)
            self.sent.pop(target, None)


def _can_go(path: Path, target: S3Uri) -> bool:
    """Whether we may read it, whoever the container runs as; a name that is no text is told of at the end."""
    return os.access(path, os.R_OK) and spelt_out(target.key) == target.key


@contextmanager
def sending(sync: Sync) -> Iterator[None]:
    """Look again and again for as long as this lasts."""
    over = threading.Event()
    sync.begin()
    thread = threading.Thread(target=_follow, args=(sync, over), name="continuous upload", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _follow(sync: Sync, over: threading.Event) -> None:
    pause = PAUSE_SECONDS
    while not over.wait(pause):
        began = time.monotonic()
        try:
            sync.look()
        except (SeatrialError, OSError, TooDeepError) as trouble:  # a folder that changes as it is walked
            _log.debug("not all is sent yet: %s", trouble)
        pause = max(PAUSE_SECONDS, (time.monotonic() - began) / _SHARE)
