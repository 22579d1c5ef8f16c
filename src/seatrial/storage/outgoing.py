"""A body on its way up: how much of it there is, and its MD5; knows not who takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from seatrial.storage.digests import Digest, md5_for

_BLOCK = 1024 * 1024


class ShortBodyError(Exception):
    """The file ended before its size was reached: something shortened it in the meantime."""


class Outgoing:
    """The first `size` bytes of a file, block by block, hashed as they are read.

    Never more, whatever is appended meanwhile: what is sent beyond the announced length would be taken for
    the next request. Each time it is read from its begin, so that a request can be repeated.
    """

    def __init__(self, body: BinaryIO, size: int) -> None:
        self._body = body
        self._size = size
        self._md5: Digest | None = None
        self._left = size

    def __iter__(self) -> Iterator[bytes]:
        digest = self._begin()
        while self._left > 0:
            block = self._body.read(min(_BLOCK, self._left))
            if not block:
                raise ShortBodyError(f"{self._left} of {self._size} bytes are gone")
            digest.update(block)
            self._left -= len(block)
            yield block

    def md5(self) -> str | None:
        """That of what was read last; None unless that was all of it."""
        digest = self._md5 or self._begin()
        return None if self._left else digest.hexdigest()

    def close(self) -> None:
        """Let go of what hashes; the file is the caller's."""
        if self._md5 is not None:
            self._md5.close()

    def _begin(self) -> Digest:
        self.close()
        self._body.seek(0)
        self._left = self._size
        self._md5 = md5_for(self._size)
        return self._md5
