"""ETags as S3 makes them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from seatrial.storage import etags
from seatrial.storage.etags import PART_SIZE, etag_of_bytes, etag_of_file, is_md5, part_size_for


def md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


@pytest.mark.parametrize("size", [0, 1, PART_SIZE + 1])
def test_a_file_that_goes_up_whole_has_its_md5(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    assert etag_of_file(tmp_path / "file") == etag_of_bytes(data) == md5(data).hex()
    assert is_md5(md5(data).hex())


@pytest.mark.parametrize("size", [PART_SIZE + 1, 2 * PART_SIZE])
def test_a_file_in_parts_has_the_md5_of_its_parts_md5s_and_their_number(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etags, "WHOLE_SIZE", PART_SIZE)
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    parts = md5(data[:PART_SIZE]) + md5(data[PART_SIZE:])
    assert etag_of_file(tmp_path / "file") == f"{md5(parts).hex()}-2"
    assert not is_md5(etag_of_file(tmp_path / "file"))


def test_parts_grow_so_that_there_are_never_more_than_s3_takes() -> None:
    for size in (0, PART_SIZE * 10_000, PART_SIZE * 10_000 + 1, 5 * 10**12):
        assert -(-size // part_size_for(size)) <= 10_000
    assert part_size_for(PART_SIZE * 10_000) == PART_SIZE
