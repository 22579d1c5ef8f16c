"""A body that goes up: exactly as long as announced, and hashed on the way."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from seatrial.storage.outgoing import Outgoing, ShortBodyError

MEGABYTE = 1024 * 1024


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("size", [0, 1, MEGABYTE, 9 * MEGABYTE + 7])
def test_all_of_it_is_sent_and_hashed_as_often_as_it_is_asked_for(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    outgoing = Outgoing(io.BytesIO(data), size)
    for _ in range(2):
        assert b"".join(outgoing) == data
        assert outgoing.md5() == md5(data)
    outgoing.close()


def test_what_is_appended_meanwhile_stays_behind(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"first")
    with file.open("rb") as body:
        outgoing = Outgoing(body, 5)
        file.write_bytes(b"first and more")
        assert b"".join(outgoing) == b"first"
        assert outgoing.md5() == md5(b"first")


def test_a_body_that_ends_too_early_is_no_body() -> None:
    outgoing = Outgoing(io.BytesIO(b"short"), 6)
    with pytest.raises(ShortBodyError, match="1 of 6 bytes"):
        list(outgoing)
    assert outgoing.md5() is None


def test_what_was_read_in_part_has_no_hash() -> None:
    outgoing = Outgoing(io.BytesIO(b"x" * (MEGABYTE + 1)), MEGABYTE + 1)
    next(iter(outgoing))
    assert outgoing.md5() is None
