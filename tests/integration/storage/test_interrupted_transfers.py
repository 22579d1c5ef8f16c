"""A broken line, a store that is gone, a damaged object: never a short file, never a false success."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial.errors import StorageError
from seatrial.ports.storage import Download, S3Uri, StoreAddress, Upload
from seatrial.storage import ContentCache, MinioStore, etags
from seatrial.storage.etags import WHOLE_SIZE, etag_of_file
from seatrial.storage.wire import Wire
from tests.integration.storage.cutting_proxy import Fault, faulty

MEGABYTE = 1024 * 1024


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A file of a few megabytes that is unlike any other."""
    file = tmp_path / "content"
    file.write_bytes(os.urandom(6 * MEGABYTE) + b"the end")
    return file


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a download should go, in a folder of its own."""
    return tmp_path / "targets" / "target"


def fresh(address: StoreAddress, tmp_path: Path) -> MinioStore:
    """A store that has nothing cached."""
    return MinioStore(address, ContentCache(tmp_path / secrets.token_hex(4)))


def everything_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_body_cut_again_and_again_arrives_whole(
    store: MinioStore, store_address: StoreAddress, content: Path, target: Path, tmp_path: Path
) -> None:
    [stored] = store.upload([Upload(content, S3Uri("cut", "a"))])
    cuts = [Fault(answer_bytes=each) for each in (2 * MEGABYTE, 100, MEGABYTE, 5000, 0, 2 * MEGABYTE)]
    with faulty(store_address, *cuts) as (address, proxy):
        fresh(address, tmp_path).download([Download(stored, target)])
        assert proxy.connections == len(cuts) + 1
    assert target.read_bytes() == content.read_bytes()
    assert everything_below(target.parent) == ["target"]


def test_a_body_that_never_arrives_fails_and_leaves_no_file(
    store: MinioStore, store_address: StoreAddress, content: Path, target: Path, tmp_path: Path
) -> None:
    [stored] = store.upload([Upload(content, S3Uri("cut", "b"))])
    cache = tmp_path / "cache-of-failure"
    with (
        faulty(store_address, always=Fault(answer_bytes=0)) as (address, _),
        pytest.raises(StorageError) as lost,
    ):
        MinioStore(address, ContentCache(cache)).download([Download(stored, target)])
    assert lost.value.slug == "store-lost"
    assert lost.value.hint
    assert not target.exists()
    assert everything_below(cache) == []


def test_a_damaged_body_is_fetched_again(
    store: MinioStore, store_address: StoreAddress, content: Path, target: Path, tmp_path: Path
) -> None:
    [stored] = store.upload([Upload(content, S3Uri("cut", "c"))])
    with faulty(store_address, Fault(spoil=b"the end")) as (address, proxy):
        fresh(address, tmp_path).download([Download(stored, target)])
        assert proxy.connections >= 1
    assert target.read_bytes() == content.read_bytes()


def test_a_body_that_is_always_damaged_is_refused(
    store: MinioStore, store_address: StoreAddress, content: Path, target: Path, tmp_path: Path
) -> None:
    [stored] = store.upload([Upload(content, S3Uri("cut", "d"))])
    cache = tmp_path / "cache-of-failure"
    with (
        faulty(store_address, always=Fault(spoil=b"the end")) as (address, _),
        pytest.raises(StorageError) as damaged,
    ):
        MinioStore(address, ContentCache(cache)).download([Download(stored, target)])
    assert damaged.value.slug == "object-damaged"
    assert not target.exists()
    assert everything_below(cache) == []


@pytest.mark.parametrize("whole", [WHOLE_SIZE, 8 * MEGABYTE], ids=["whole", "in parts"])
def test_an_upload_cut_in_the_middle_is_sent_again(
    store: MinioStore,
    store_address: StoreAddress,
    tmp_path: Path,
    whole: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(etags, "WHOLE_SIZE", whole)
    size = 40 * MEGABYTE
    source = tmp_path / "source"
    source.write_bytes(os.urandom(size))
    uri = S3Uri("cut", f"up-{whole}")
    with faulty(store_address, *[Fault(request_bytes=2 * MEGABYTE)] * 3) as (address, proxy):
        [stored] = fresh(address, tmp_path).upload([Upload(source, uri)])
        assert proxy.connections > 3
    assert store.stat(uri) == stored
    assert (stored.size, stored.etag) == (size, etag_of_file(source))


@pytest.mark.parametrize("size", [100, 20 * MEGABYTE], ids=["small", "large"])
def test_an_upload_that_is_damaged_on_its_way_is_sent_again(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path, size: int
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"the end" + os.urandom(size))
    store.ensure_bucket("cut")
    uri = S3Uri("cut", f"spoilt-{size}")
    with faulty(store_address, Fault(spoil_sent=b"the end")) as (address, _):
        [stored] = fresh(address, tmp_path).upload([Upload(source, uri)])
    assert stored.etag == etag_of_file(source)
    assert store.read(uri) == source.read_bytes()


def test_an_upload_that_is_always_damaged_is_refused_and_not_cached(
    store: MinioStore, store_address: StoreAddress, content: Path, tmp_path: Path
) -> None:
    store.ensure_bucket("cut")
    cache = tmp_path / "cache-of-failure"
    with faulty(store_address, always=Fault(spoil_sent=b"the end")) as (address, _):
        spoilt = MinioStore(address, ContentCache(cache))
        with pytest.raises(StorageError) as damaged:
            spoilt.upload([Upload(content, S3Uri("cut", "spoilt"))])
        assert damaged.value.slug == "object-damaged"
        assert damaged.value.where == "s3://cut/spoilt"
        with pytest.raises(StorageError) as damaged:
            spoilt.write(S3Uri("cut", "spoilt"), b"to the end")
        assert damaged.value.slug == "object-damaged"
    assert everything_below(cache) == []


def changed_when_sent(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> list[str]:
    """Have a file change between the look at its size and its sending; the answer fills with the requests."""
    sent: list[str] = []
    open_url = Wire.ask

    def ask(wire: Wire, method: str, *rest: Any, **options: Any) -> Any:
        if method == "PUT" and not sent:
            change()
        sent.append(method)
        return open_url(wire, method, *rest, **options)

    monkeypatch.setattr(Wire, "ask", ask)
    return sent


def test_a_file_that_grows_while_it_is_sent_goes_up_as_long_as_it_was(
    store_address: StoreAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "log"
    source.write_bytes(b"first" * 1000)
    past_cache = MinioStore(store_address, ContentCache(tmp_path / "cache", limit_bytes=0))
    past_cache.ensure_bucket("cut")
    changed_when_sent(monkeypatch, lambda: source.write_bytes(b"first" * 1000 + b"tail " * 1000))
    [stored] = past_cache.upload([Upload(source, S3Uri("cut", "grown"))])
    assert past_cache.read(S3Uri("cut", "grown")) == b"first" * 1000
    assert stored.size == 5000
    for number in range(3):
        past_cache.write(S3Uri("cut", f"after-{number}"), b"the connection is as good as it was")


@pytest.mark.parametrize("size", [5000, 20 * MEGABYTE], ids=["small", "large"])
def test_a_file_that_shrinks_while_it_is_sent_is_refused_at_once(
    store_address: StoreAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    source = tmp_path / "log"
    source.write_bytes(os.urandom(size))
    past_cache = MinioStore(store_address, ContentCache(tmp_path / "cache", limit_bytes=0))
    past_cache.ensure_bucket("cut")
    sent = changed_when_sent(monkeypatch, lambda: source.write_bytes(b"short"))
    uri = S3Uri("cut", f"shrunk-{size}")
    with pytest.raises(StorageError) as short:
        past_cache.upload([Upload(source, uri)])
    assert (short.value.slug, short.value.where) == ("local-file", str(uri))
    assert sent == ["PUT"], "another try would find it as short"
    assert past_cache.stat(uri) is None
    past_cache.write(uri, b"the connection is not used again")


def test_an_upload_that_cannot_succeed_leaves_no_object(
    store: MinioStore, store_address: StoreAddress, content: Path, tmp_path: Path
) -> None:
    uri = S3Uri("cut", "never")
    store.ensure_bucket("cut")
    with (
        faulty(store_address, always=Fault(request_bytes=MEGABYTE)) as (address, _),
        pytest.raises(StorageError) as lost,
    ):
        fresh(address, tmp_path).upload([Upload(content, uri)])
    assert lost.value.slug == "store-lost"
    assert store.stat(uri) is None


def test_a_store_that_is_gone_is_said_within_seconds(store_address: StoreAddress, tmp_path: Path) -> None:
    with faulty(store_address) as (address, proxy):
        gone = fresh(address, tmp_path)
        assert gone.buckets() is not None
        proxy.close()
        begun = time.monotonic()
        for call in (
            gone.buckets,
            lambda: list(gone.list_objects(S3Uri("cut"))),
            lambda: gone.stat(S3Uri("cut", "a")),
            lambda: gone.write(S3Uri("other", "a"), b"x"),
        ):
            with pytest.raises(StorageError) as lost:
                call()
            assert lost.value.slug == "store-lost"
            assert address.endpoint_url in lost.value.message
        assert time.monotonic() - begun < 20


def test_no_signed_url_gets_into_a_log(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored = store.write(S3Uri("cut", "secret"), b"x")
    caplog.set_level("DEBUG")
    with faulty(store_address) as (address, proxy):
        gone = fresh(address, tmp_path)
        proxy.close()
        with pytest.raises(StorageError) as lost:
            gone.download([Download(stored, tmp_path / "target")])
    assert "Signature" not in caplog.text + str(lost.value)
