"""A local file is the object only if size and ETag prove it, however it was uploaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from seatrial.outputs.local_copies import is_whole
from seatrial.ports.storage import StoredObject

MEBIBYTE = 1024 * 1024


def stored(data: bytes, part: int | None = None) -> StoredObject:
    etag = md5(data).hex()
    if part is not None:
        parts = [md5(data[start : start + part]) for start in range(0, len(data), part)]
        etag = f"{md5(b''.join(parts)).hex()}-{len(parts)}"
    return StoredObject("b", "k", len(data), etag)


def md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


@pytest.mark.parametrize("data", [b"", b"x", b"x" * (MEBIBYTE + 1)])
def test_a_plain_object_is_known_by_its_md5(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(data)
    assert is_whole(file, stored(data))
    assert not is_whole(file, StoredObject("b", "k", len(data), "0" * 32))


@pytest.mark.parametrize("part", [5, 8, 10])
def test_an_upload_in_parts_is_known_whatever_the_common_size_of_its_parts(part: int, tmp_path: Path) -> None:
    data = bytes(range(256)) * (10 * MEBIBYTE // 256) + b"end"
    file = tmp_path / "f"
    file.write_bytes(data)
    assert is_whole(file, stored(data, part * MEBIBYTE))
    assert not is_whole(file, stored(data[:-1] + b"x", part * MEBIBYTE))


def test_what_cannot_be_proved_is_not_whole(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"data")
    assert not is_whole(file, StoredObject("b", "k", 4, "an-etag-of-another-kind"))
    assert not is_whole(tmp_path / "absent", stored(b"data"))
    (tmp_path / "link").symlink_to(file)
    assert not is_whole(tmp_path / "link", stored(b"data"))
