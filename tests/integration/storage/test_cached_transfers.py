"""What the cache spares: no byte is fetched twice, and what went up need not come down."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seatrial.errors import StorageError
from seatrial.ports.storage import Download, S3Uri, StoreAddress, StoredObject, Upload
from seatrial.storage import ContentCache, MinioStore, Seed, apply_seeds
from seatrial.storage.etags import PART_SIZE
from tests.integration.storage.cutting_proxy import faulty


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hundred small files and a large one."""
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(100):
        (folder / f"{number:03}").write_bytes(os.urandom(1000 + number))
    (folder / "large").write_bytes(os.urandom(2 * PART_SIZE + 1))
    return folder


def uploads(folder: Path, bucket: str) -> list[Upload]:
    return [Upload(file, S3Uri(bucket, f"p/{file.name}")) for file in sorted(folder.iterdir())]


def downloads(objects: list[StoredObject], target: Path) -> list[Download]:
    return [Download(stored, target / stored.key) for stored in objects]


def same(folder: Path, target: Path) -> bool:
    return {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file.name: file.read_bytes() for file in (target / "p").iterdir()
    }


def test_what_went_up_comes_down_without_the_store(
    store_address: StoreAddress, folder: Path, tmp_path: Path
) -> None:
    with faulty(store_address) as (address, proxy):
        store = MinioStore(address, ContentCache(tmp_path / "cache"))
        objects = store.upload(uploads(folder, "cached-up"))
        proxy.close()
        store.download(downloads(objects, tmp_path / "target"))
    assert same(folder, tmp_path / "target")


def test_what_came_down_once_comes_again_without_the_store_for_another_process_too(
    store: MinioStore, store_address: StoreAddress, folder: Path, tmp_path: Path
) -> None:
    objects = store.upload(uploads(folder, "cached-down"))
    with faulty(store_address) as (address, proxy):
        cold = MinioStore(address, ContentCache(tmp_path / "cache"))
        cold.download(downloads(objects, tmp_path / "first"))
        assert proxy.connections > 1, "small files come in parallel"
        proxy.close()
        for file in (tmp_path / "first" / "p").iterdir():
            file.write_bytes(b"spoilt by a container")
        other = MinioStore(address, ContentCache(tmp_path / "cache"))
        other.download(downloads(objects, tmp_path / "second"))
    assert same(folder, tmp_path / "second")


def test_a_spoilt_entry_is_fetched_anew(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    stored = store.write(S3Uri("cached-spoilt", "a"), b"content")
    cache = ContentCache(tmp_path / "cache")
    other = MinioStore(store_address, cache)
    other.download([Download(stored, tmp_path / "target")])
    [entry] = [path for path in (cache.folder / "entries").rglob("*") if path.is_file()]
    entry.chmod(0o644)
    entry.write_bytes(b"CONTENT")
    other.download([Download(stored, tmp_path / "target")])
    assert (tmp_path / "target").read_bytes() == b"content"


def test_what_the_cache_cannot_take_goes_past_it(
    store_address: StoreAddress, folder: Path, tmp_path: Path
) -> None:
    cache = ContentCache(tmp_path / "cache", limit_bytes=PART_SIZE)
    store = MinioStore(store_address, cache)
    objects = store.upload(uploads(folder, "cached-past"))
    store.download(downloads(objects, tmp_path / "target"))
    assert same(folder, tmp_path / "target")
    assert max(path.stat().st_size for path in cache.folder.rglob("*")) < PART_SIZE
    assert list((tmp_path / "target").rglob(".seatrial-*")) == []


@pytest.mark.parametrize("limit", [10, 10**9], ids=["past the cache", "through it"])
def test_a_shared_download_can_be_read_by_any_user_whatever_the_umask(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path, limit: int
) -> None:
    stored = store.write(S3Uri("cached-shared", "a"), b"longer than ten bytes")
    other = MinioStore(store_address, ContentCache(tmp_path / "cache", limit_bytes=limit))
    before = os.umask(0o077)
    try:
        other.download([Download(stored, tmp_path / "target")], shared=True)
    finally:
        os.umask(before)
    assert (tmp_path / "target").stat().st_mode & 0o777 == 0o644


def test_one_failure_among_many_stops_the_rest_and_is_the_one_told(
    store: MinioStore, folder: Path, tmp_path: Path
) -> None:
    objects = store.upload(uploads(folder, "cached-failing"))
    broken = StoredObject("cached-failing", "p/gone", 1, "0" * 32)
    with pytest.raises(StorageError) as failure:
        store.download(downloads([*objects[:10], broken, *objects[10:]], tmp_path / "target"))
    assert failure.value.where == "s3://cached-failing/p/gone"
    assert list((tmp_path / "target").rglob(".seatrial-*")) == []


def test_seeds_are_sent_once_to_a_real_store_whatever_their_size(
    store: MinioStore, folder: Path, store_address: StoreAddress, tmp_path: Path
) -> None:
    seed = Seed(S3Uri("cached-seeds", "p/"), folder, "test")
    first = apply_seeds(store, [seed])
    with faulty(store_address) as (address, proxy):
        other = MinioStore(address, ContentCache(tmp_path / "cache"))
        assert apply_seeds(other, [seed]) == first
        assert proxy.connections == 1, "a listing, and nothing sent"
