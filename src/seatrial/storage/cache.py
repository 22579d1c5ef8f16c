"""Contents that were fetched or sent before, kept by bucket, key, ETag and size; knows no store.

Safe for several processes: an entry appears by a rename and is never changed afterwards. It bears a
fixed modification time, its seal, so that one written to by accident is known and thrown away. Whoever is
given a second name of an entry sees the seal as well: it is a time that every archive format can hold.
The access time is set on every use; the entries longest unused go when the limit is passed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seatrial.ports.storage import StoredObject
from seatrial.storage.copying import READABLE, place_copy, place_link

DEFAULT_LIMIT = 20 * 10**9
_SEAL_NS = 946_684_800 * 10**9  # 2000-01-01; a zip file holds nothing before 1980
_STALE_SECONDS = 24 * 3600


class ContentCache:
    """Contents under `folder`, at most about `limit_bytes` in all; an object above the limit is not kept."""

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._incoming = folder / "incoming"
        self._entries = folder / "entries"
        self._lock = threading.Lock()
        self._unswept = limit_bytes  # the first entry of a process looks at what others left

    def takes(self, size: int) -> bool:
        """Whether an object of this size is kept at all."""
        return size <= self.limit_bytes

    def fetch(self, stored: StoredObject, target: Path, *, shared: bool = False) -> bool:
        """Put a copy of the held content at `target`; False if it is not held (any more).

        With `shared` it is a second name of the entry where the disk allows it, and not to be written to.
        """
        entry = self._entry(stored)
        try:
            found = entry.stat()
            if found.st_size != stored.size or found.st_mtime_ns != _SEAL_NS:
                entry.unlink(missing_ok=True)
                return False
            with suppress(PermissionError):  # another user's, who shares the folder: it only looks unused
                os.utime(entry, ns=(time.time_ns(), _SEAL_NS))
        except FileNotFoundError:
            return False
        try:
            (place_link if shared else place_copy)(entry, target)
        except FileNotFoundError:  # evicted in between
            if entry.exists():
                raise
            return False
        return True

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """A free name on the cache's own disk; what is left there at the end is removed."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        part = self._incoming / secrets.token_hex(12)
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    def admit(self, stored: StoredObject, part: Path) -> None:
        """Take over the file `part` as the content of `stored`."""
        part.chmod(READABLE)
        os.utime(part, ns=(time.time_ns(), _SEAL_NS))
        entry = self._entry(stored)
        try:
            part.replace(entry)
        except FileNotFoundError:
            entry.parent.mkdir(parents=True, exist_ok=True)
            part.replace(entry)
        self._count(stored.size)

    def _entry(self, stored: StoredObject) -> Path:
        identity = json.dumps([stored.bucket, stored.key, stored.etag, stored.size])
        name = hashlib.sha256(identity.encode()).hexdigest()
        return self._entries / name[:2] / name[2:]

    def _count(self, size: int) -> None:
        with self._lock:
            self._unswept += size
            due = self._unswept >= self.limit_bytes // 20
            if due:
                self._unswept = 0
        if due:
            self.sweep()

    def sweep(self) -> None:
        """Remove the entries longest unused until the limit holds; left to whoever is at it already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "sweep.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._drop_abandoned()
            self._drop_longest_unused()

    def _drop_abandoned(self) -> None:
        with suppress(FileNotFoundError):
            for part in os.scandir(self._incoming):
                with suppress(FileNotFoundError):
                    # Not the modification time: that of a part about to be admitted is its seal.
                    if part.stat().st_ctime < time.time() - _STALE_SECONDS:
                        Path(part.path).unlink()

    def _drop_longest_unused(self) -> None:
        held = sorted(self._held())
        excess = sum(size for _, size, _ in held) - self.limit_bytes
        for _, size, path in held:
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size

    def _held(self) -> Iterator[tuple[int, int, Path]]:
        """(time of last use, size, path) of every entry."""
        for folder in self._entries.glob("??"):
            for entry in os.scandir(folder):
                with suppress(FileNotFoundError):
                    found = entry.stat()
                    yield found.st_atime_ns, found.st_size, Path(entry.path)
