"""Whether a local file already is an object, whole, by size and ETag; knows no store.

What cannot be proved is answered with no: the file is then fetched once more, and nothing worse happens.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from seatrial.ports.storage import StoredObject

_BLOCK = 1024 * 1024
_MEBIBYTE = 1024 * 1024
_MULTIPART = re.compile(r"([0-9a-f]{32})-([1-9][0-9]*)")


def is_whole(path: Path, stored: StoredObject) -> bool:
    """Whether the file holds the object as it was listed."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != stored.size:
        return False
    in_parts = _MULTIPART.fullmatch(stored.etag)
    if in_parts is None:
        return _md5(path, stored.size)[0].hex() == stored.etag
    # How large the parts were is not told; clients choose whole mebibytes.
    return any(
        _of_parts(path, size) == stored.etag for size in _part_sizes(stored.size, int(in_parts.group(2)))
    )


def _part_sizes(size: int, parts: int) -> Iterator[int]:
    """The common sizes of parts that give so many of them; the smallest that S3 takes is 5 MiB."""
    for mebibytes in (5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 250, 256, 500, 512, 1024):
        if -(-size // (mebibytes * _MEBIBYTE)) == parts:
            yield mebibytes * _MEBIBYTE


def _of_parts(path: Path, part_size: int) -> str:
    digests = _md5(path, part_size)
    return f"{hashlib.md5(b''.join(digests), usedforsecurity=False).hexdigest()}-{len(digests)}"


def _md5(path: Path, part_size: int) -> list[bytes]:
    """The digest of each part; of an empty file that of nothing."""
    found: list[bytes] = []
    with path.open("rb") as body:
        while True:
            digest, left = hashlib.md5(usedforsecurity=False), part_size
            while left and (block := body.read(min(_BLOCK, left))):
                digest.update(block)
                left -= len(block)
            if left == part_size and found:
                return found
            found.append(digest.digest())
            if left or part_size == 0:
                return found
