"""The MD5 of a body while it arrives; a large one is hashed beside the transfer, not between its blocks."""

from __future__ import annotations

import hashlib
import threading
from queue import Queue
from typing import Protocol

# Below this a thread of its own costs more than the hashing.
_LARGE = 8 * 1024 * 1024
_BLOCKS_WAITING = 8


class Digest(Protocol):
    """Takes blocks, and says the MD5 of all of them at the end."""

    def update(self, block: bytes) -> None: ...
    def hexdigest(self) -> str: ...
    def close(self) -> None:
        """Needs no answer any more."""


def md5_for(size: int) -> Digest:
    """For a body of about this size."""
    return _InBackground() if size >= _LARGE else _AtOnce()


class _AtOnce:
    def __init__(self) -> None:
        self._digest = hashlib.md5(usedforsecurity=False)

    def update(self, block: bytes) -> None:
        self._digest.update(block)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def close(self) -> None:
        return


class _InBackground:
    """`hashlib` lets go of the interpreter's lock while it hashes a large block."""

    def __init__(self) -> None:
        self._digest = hashlib.md5(usedforsecurity=False)
        self._waiting: Queue[bytes | None] = Queue(_BLOCKS_WAITING)
        self._thread = threading.Thread(target=self._hash, name="seatrial-md5", daemon=True)
        self._thread.start()

    def update(self, block: bytes) -> None:
        self._waiting.put(block)

    def hexdigest(self) -> str:
        self.close()
        return self._digest.hexdigest()

    def close(self) -> None:
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _hash(self) -> None:
        while (block := self._waiting.get()) is not None:
            self._digest.update(block)
