"""The ETag that the store gives to a content, computed here; knows nothing of stores."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

# Files above this go up in parts, each tried again on its own. S3 itself takes 5 GiB in one body.
WHOLE_SIZE = 1024 * 1024 * 1024
# The ETag of a multipart upload depends on the size of its parts.
PART_SIZE = 8 * 1024 * 1024
_MOST_PARTS = 10_000  # S3's own limit
_BLOCK = 1024 * 1024
_PLAIN = re.compile(r"[0-9a-f]{32}")


def part_size_for(size: int) -> int:
    """How large the parts of a file of this size are."""
    whole = -(-size // _MOST_PARTS)
    return max(PART_SIZE, -(-whole // PART_SIZE) * PART_SIZE)


def is_md5(etag: str) -> bool:
    """Whether the ETag is the MD5 of the content (unless the store encrypts with its own key)."""
    return bool(_PLAIN.fullmatch(etag))


def etag_of_file(path: Path) -> str:
    """What the store answers when this file is uploaded by `MinioStore`."""
    size = path.stat().st_size
    with path.open("rb") as body:
        if size <= WHOLE_SIZE:
            return _digest_of(body.read).hex()
        part_size = part_size_for(size)
        parts = [_digest_of(body.read, part_size) for _ in range(-(-size // part_size))]
    return _of_parts(parts)


def etag_of_bytes(data: bytes) -> str:
    """What the store answers when these bytes are written."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _of_parts(parts: list[bytes]) -> str:
    return f"{hashlib.md5(b''.join(parts), usedforsecurity=False).hexdigest()}-{len(parts)}"


def _digest_of(read: Callable[[int], bytes], limit: int | None = None) -> bytes:
    digest = hashlib.md5(usedforsecurity=False)
    left = limit
    while left is None or left > 0:
        block = read(_BLOCK if left is None else min(_BLOCK, left))
        if not block:
            break
        digest.update(block)
        left = None if left is None else left - len(block)
    return digest.digest()
