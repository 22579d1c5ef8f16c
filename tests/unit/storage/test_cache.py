"""The content cache: what goes in comes out, and what was tampered with does not."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import time
from pathlib import Path

import pytest

from seatrial.ports.storage import StoredObject
from seatrial.storage import ContentCache


def stored(data: bytes, key: str = "key", bucket: str = "bucket") -> StoredObject:
    return StoredObject(bucket, key, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest())


def put(cache: ContentCache, data: bytes, key: str = "key") -> StoredObject:
    entry = stored(data, key)
    with cache.incoming() as part:
        part.write_bytes(data)
        cache.admit(entry, part)
    return entry


def entries(cache: ContentCache) -> list[Path]:
    return [path for path in (cache.folder / "entries").rglob("*") if path.is_file()]


@pytest.fixture
def cache(tmp_path: Path) -> ContentCache:
    """An empty cache."""
    return ContentCache(tmp_path / "cache")


def test_an_empty_cache_has_nothing_and_makes_no_file(cache: ContentCache, tmp_path: Path) -> None:
    assert not cache.fetch(stored(b"x"), tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_what_goes_in_comes_out_as_a_copy_of_its_own(cache: ContentCache, tmp_path: Path) -> None:
    entry = put(cache, b"content")
    for _ in range(2):
        assert cache.fetch(entry, tmp_path / "target")
        assert (tmp_path / "target").read_bytes() == b"content"
        (tmp_path / "target").write_bytes(b"written over")


@pytest.mark.parametrize(
    "other",
    [
        StoredObject("other", "key", 7, stored(b"content").etag),
        StoredObject("bucket", "other", 7, stored(b"content").etag),
        StoredObject("bucket", "key", 8, stored(b"content").etag),
        StoredObject("bucket", "key", 7, "other"),
    ],
    ids=["bucket", "key", "size", "etag"],
)
def test_an_entry_is_known_by_all_four(cache: ContentCache, tmp_path: Path, other: StoredObject) -> None:
    put(cache, b"content")
    assert not cache.fetch(other, tmp_path / "target")


@pytest.mark.parametrize("spoilt", [b"conten", b"CONTENT", b""], ids=["shorter", "as long", "empty"])
def test_an_entry_that_was_written_to_is_thrown_away(
    cache: ContentCache, tmp_path: Path, spoilt: bytes
) -> None:
    entry = put(cache, b"content")
    [path] = entries(cache)
    path.chmod(0o644)
    path.write_bytes(spoilt)
    assert not cache.fetch(entry, tmp_path / "target")
    assert entries(cache) == []
    assert not (tmp_path / "target").exists()


def test_what_is_not_admitted_is_gone(cache: ContentCache) -> None:
    def interrupted() -> None:
        with cache.incoming() as part:
            part.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path for path in cache.folder.rglob("*") if path.is_file()] == []


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "cache", limit_bytes=3000)
    held = [put(cache, bytes([number]) * 1000, f"key-{number}") for number in range(3)]
    assert cache.fetch(held[0], tmp_path / "target")
    newest = put(cache, b"x" * 1000, "newest")
    cache.sweep()
    found = [cache.fetch(entry, tmp_path / "target") for entry in [*held, newest]]
    assert found == [True, False, True, True]


def test_the_limit_holds_without_being_asked(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "cache", limit_bytes=10_000)
    for number in range(40):
        put(cache, os.urandom(1000), f"key-{number}")
    assert sum(path.stat().st_size for path in entries(cache)) <= 10_500
    assert not cache.takes(10_001)
    assert cache.takes(10_000)


def test_what_an_earlier_process_left_half_done_is_swept_and_what_is_under_way_is_not(
    cache: ContentCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cache, b"content")
    abandoned = cache.folder / "incoming" / "abandoned"
    abandoned.write_bytes(b"half")
    with cache.incoming() as part:
        part.write_bytes(b"under way")
        os.utime(part, (1, 1))  # as an entry's seal does, the moment before it is admitted
        cache.sweep()
        assert part.exists()
        assert abandoned.exists()
        later = time.time() + 2 * 24 * 3600
        monkeypatch.setattr(time, "time", lambda: later)
        cache.sweep()
    assert not abandoned.exists()
    assert len(entries(cache)) == 1


def _put_and_fetch(folder: Path, number: int) -> int:
    cache = ContentCache(folder / "cache", limit_bytes=50_000)
    wrong = 0
    for turn in range(200):
        data = f"{turn % 30}".encode() * 1000
        entry = stored(data, f"key-{turn % 30}")
        target = folder / f"target-{number}"
        if cache.fetch(entry, target):
            wrong += target.read_bytes() != data
        else:
            put(cache, data, entry.key)
    return wrong


def test_several_processes_share_a_cache_that_is_too_small_for_them(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        wrong = pool.starmap(_put_and_fetch, [(tmp_path, number) for number in range(2)])
    assert wrong == [0, 0]


def test_an_entry_whose_time_of_use_is_not_ours_to_set_is_given_all_the_same(
    cache: ContentCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = put(cache, b"content")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "the entry belongs to another user")

    monkeypatch.setattr(os, "utime", refuse)
    assert cache.fetch(entry, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"content"
