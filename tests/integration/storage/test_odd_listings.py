"""Listings of something that is no S3 store, or that only half arrive: never an empty or a short success."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from seatrial.errors import StorageError
from seatrial.ports.storage import Credentials, S3Uri, StoreAddress
from seatrial.storage import ContentCache, MinioStore
from tests.integration.storage.cutting_proxy import Fault, faulty

SPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
ENTRY = '<Contents><Key>in/a+b%41.csv</Key><Size>1</Size><ETag>"x"</ETag></Contents>'


class Answers(http.server.ThreadingHTTPServer):
    """Answers every request with the same words."""

    words = ""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Answers

    def do_GET(self) -> None:
        body = self.server.words.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Answers]:
    """Something that answers on a port."""
    with Answers(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def listed(server: Answers, tmp_path: Path) -> MinioStore:
    """What takes it for a store."""
    url = f"http://127.0.0.1:{server.server_port}"
    address = StoreAddress(url, url, "bridge", Credentials("key", "secret"), "us-east-1")
    return MinioStore(address, ContentCache(tmp_path / "cache"))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("<!doctype html><html><link rel=x><body>console</body></html>", id="HTML"),
        pytest.param("<html><body>log in</body></html>", id="XHTML"),
        pytest.param("", id="nothing"),
        pytest.param(f"<ListBucketResult {SPACE}><Contents>", id="cut"),
        pytest.param(f"<ListBucketResult>{ENTRY.replace('Size', 'Length')}</ListBucketResult>", id="no size"),
        pytest.param(f"<ListBucketResult>{ENTRY.replace('>1<', '>x<')}</ListBucketResult>", id="odd size"),
        pytest.param(
            f"<ListBucketResult {SPACE}><IsTruncated>true</IsTruncated>{ENTRY}</ListBucketResult>",
            id="truncated, and no way to go on",
        ),
    ],
)
def test_what_is_no_listing_is_not_taken_for_one(server: Answers, listed: MinioStore, words: str) -> None:
    server.words = words
    with pytest.raises(StorageError) as broken:
        list(listed.list_objects(S3Uri("bucket", "in/")))
    assert broken.value.slug == "store-broken"
    assert broken.value.where == "s3://bucket/in/"
    assert f"127.0.0.1:{server.server_port} did not answer as an S3 store" in broken.value.message
    assert broken.value.hint


@pytest.mark.parametrize(
    ("encoding", "key"),
    [("<EncodingType>url</EncodingType>", "in/a bA.csv"), ("", "in/a+b%41.csv")],
    ids=["encoded", "plain"],
)
def test_keys_are_decoded_where_the_store_says_that_it_encoded_them(
    server: Answers, listed: MinioStore, encoding: str, key: str
) -> None:
    server.words = f"<ListBucketResult {SPACE}>{encoding}{ENTRY}</ListBucketResult>"
    assert [stored.key for stored in listed.list_objects(S3Uri("bucket", "in/"))] == [key]


@pytest.mark.parametrize("passed", [0, 300, 700])
def test_a_listing_that_is_cut_is_asked_for_again(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path, passed: int
) -> None:
    stored = store.write(S3Uri("cut-listing", "p/a"), b"x")
    with faulty(store_address, Fault(answer_bytes=passed)) as (address, proxy):
        other = MinioStore(address, ContentCache(tmp_path / "cache"))
        assert list(other.list_objects(S3Uri("cut-listing", "p/"))) == [stored]
        assert proxy.connections == 2


def test_a_listing_that_is_always_cut_fails(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    store.write(S3Uri("cut-listing", "p/a"), b"x")
    with faulty(store_address, always=Fault(answer_bytes=700)) as (address, _):
        other = MinioStore(address, ContentCache(tmp_path / "cache"))
        with pytest.raises(StorageError) as lost:
            list(other.list_objects(S3Uri("cut-listing", "p/")))
    assert lost.value.slug == "store-lost"
