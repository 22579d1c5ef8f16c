"""One builder at a time on this machine, across threads and processes."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seatrial.images.watching import Say


@contextmanager
def build_lock(folder: Path, name: str, say: Say) -> Iterator[None]:
    """Hold the lock `name`; the kernel gives it back if we die."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{name}: another process is building it, waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
