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
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.job import JobOutput
from seatrial.engines.locations import staged
from seatrial.engines.native.trees import Entry, TooDeepError, files, is_gone, spelt_out
from seatrial.errors import SeatrialError
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Upload

PAUSE_SECONDS = 1.0
# Of all time, the part that looking may take: a folder of many files is looked into less often.
_SHARE = 0.1
_log = logging.getLogger(__name__)

Stamp = tuple[int, int]
"""Size and time of a file."""


@dataclass(frozen=True)
class _Found:
    """A file in the folder of an output, on one of the hosts."""

    tree: Path
    folder: Path
    entry: Entry
    output: JobOutput

    @property
    def path(self) -> Path:
        return self.entry.path

    @property
    def stamp(self) -> Stamp:
        return self.entry.size, self.entry.modified_ns

    @property
    def target(self) -> S3Uri:
        return self.output.uri.child(self.entry.name)

    @property
    def is_gone(self) -> bool:
        return is_gone(self.tree, self.folder, self.entry.name)


class Sync:
    """What is in the store of the folders of some trees, and how it gets there."""

    def __init__(self, store: ObjectStore, trees: Sequence[Path], outputs: Sequence[JobOutput]) -> None:
        self._store = store
        self._trees = trees
        self._outputs = outputs
        self._known: dict[Path, Stamp] = {}
        self._mirrored: dict[Path, _Found] = {}
        self.sent: dict[S3Uri, StoredObject] = {}

    def begin(self) -> None:
        """What lies there now was brought in from the store, or is nothing of the job's."""
        for file in self._found():
            self._note(file)

    def look(self) -> None:
        """Send what is new or changed; take away what is gone from a mirrored folder."""
        found = list(self._found())
        changed = [
            file
            for file in found
            if self._known.get(file.path) != file.stamp and _can_go(file.path, file.target)
        ]
        # Of two hosts with one name the last writing counts: in parallel, which one stays would be chance.
        changed.sort(key=lambda file: file.entry.modified_ns)
        went = self._send([Upload(path, target) for target, path in _newest(changed).items()])
        for file in changed:
            if file.target in went:
                self._note(file)
        self._take_away({file.path for file in found})

    def _note(self, file: _Found) -> None:
        self._known[file.path] = file.stamp
        if file.output.form == "mirror":
            self._mirrored[file.path] = file

    def _found(self) -> Iterator[_Found]:
        for tree in self._trees:
            for output in self._outputs:
                folder = staged(tree, output.container_path)
                for entry in files(tree, folder):
                    yield _Found(tree, folder, entry, output)

    def _send(self, uploads: Sequence[Upload]) -> set[S3Uri]:
        """All at once; if that is refused, one by one: a name that no object can have is its own."""
        if not uploads:
            return set()
        try:
            stored = self._store.upload(uploads)
        except (SeatrialError, OSError) as trouble:  # a file may be gone by now
            if len(uploads) == 1:
                _log.debug("%s is not sent yet: %s", uploads[0].source, trouble)
                return set()
            return set().union(*(self._send([each]) for each in uploads))
        went = {S3Uri(each.bucket, each.key): each for each in stored}
        self.sent.update(went)
        return set(went)

    def _take_away(self, there: set[Path]) -> None:
        missing = {path: file for path, file in self._mirrored.items() if path not in there}
        gone = {path: file.target for path, file in missing.items() if file.is_gone}
        held = {file.target for path, file in self._mirrored.items() if path not in gone}
        self._store.delete(target for target in gone.values() if target not in held)
        for path, target in gone.items():
            del self._mirrored[path]
            self._known.pop(path, None)
            if target not in held:
                self.sent.pop(target, None)


def _newest(files: Sequence[_Found]) -> dict[S3Uri, Path]:
    """The last of the files for each place."""
    return {file.target: file.path for file in files}


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
