"""One driver for one execution: a lock that the operating system takes back when its process dies.

A POSIX record lock belongs to the process: workers that it forked do not keep it alive, and a
process that hangs still holds it, so nobody takes over from a driver that may yet wake up.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import time
from pathlib import Path

from seatrial.errors import RecordError

# A reader that looks whether a lease is held holds it for a moment itself.
_PATIENCE_SECONDS = 0.5
_held: set[Path] = set()  # closing any file descriptor of a locked file drops this process's own lock on it
_guard = threading.Lock()


class Lease:
    """Held from construction to `release`."""

    def __init__(self, path: Path, subject: str) -> None:
        self.path = path.absolute()
        self.owner = f"process {os.getpid()} on {socket.gethostname()}"
        with _guard:
            if self.path in _held:
                raise _refused(subject, self.owner)
            self._descriptor = self._lock(subject)
            _held.add(self.path)

    def release(self) -> None:
        """Let go; the file disappears with the lock, so that nothing piles up."""
        with _guard:
            if self.path in _held:
                _held.discard(self.path)
                if _same_file(self._descriptor, self.path):
                    self.path.unlink(missing_ok=True)
                os.close(self._descriptor)

    def _lock(self, subject: str) -> int:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            descriptor = _open(self.path)
            if _try_lock(descriptor) and _same_file(descriptor, self.path):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, self.owner.encode())
                return descriptor
            other = os.pread(descriptor, 200, 0).decode(errors="replace")
            os.close(descriptor)
            if time.monotonic() > deadline:
                raise _refused(subject, other or "another process")
            time.sleep(0.02)


def holder(path: Path) -> str | None:
    """Who holds the lease, None when nobody alive does."""
    path = path.absolute()
    with _guard:
        if path in _held:
            return f"process {os.getpid()} on {socket.gethostname()}"
        if not path.exists():
            return None
        descriptor = _open(path)
        try:
            if _try_lock(descriptor):
                return None
            return os.pread(descriptor, 200, 0).decode(errors="replace") or "another process"
        finally:
            os.close(descriptor)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise RecordError(
            f"the lease cannot be opened: {error}",
            slug="lease-unusable",
            where=str(path),
            hint='make the state folder yours again: sudo chown -R "$USER" .seatrial',
        ) from error


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _same_file(descriptor: int, path: Path) -> bool:
    """Whether the locked file is still the one at `path`, and not one that its last holder removed."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _refused(subject: str, owner: str) -> RecordError:
    return RecordError(
        f"{subject} is being run by {owner}",
        slug="execution-held",
        where=subject,
        hint="wait until it has ended, or stop it: `seatrial stop`; `seatrial status` shows how far it is",
    )
