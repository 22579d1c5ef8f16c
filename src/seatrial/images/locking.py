"""One builder at a time on this machine, across threads and processes."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from seatrial.errors import ImageError
from seatrial.images.watching import Say


@contextmanager
def build_lock(folder: Path, name: str, say: Say) -> Iterator[None]:
    """Hold the lock `name`; the kernel gives it back if we die."""
    with _opened(folder / f"{name}.lock") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{name}: another process is building it, waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a")
    except OSError as failure:
        raise ImageError(
            f"the cache folder cannot be written: {failure}",
            slug="cache-not-writable",
            where=str(path.parent),
            hint="name another one: SEATRIAL_CACHE_DIR=/some/folder, or `cache_dir` in seatrial.toml",
        ) from failure
