"""The store by other ways of writing its address: every request must bear a signature that it takes."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from urllib3.util import connection

from seatrial.errors import StorageError
from seatrial.ports.storage import Download, S3Uri, StoreAddress, Upload
from seatrial.storage import ContentCache, MinioStore, failures, listing


@pytest.fixture
def on_port_80(store_address: StoreAddress, monkeypatch: pytest.MonkeyPatch) -> str:
    """A host whose port 80 is the store; only root may listen there, so it is where connections lead."""
    endpoint = urlsplit(store_address.endpoint_url)
    connect = connection.create_connection

    def lead(address: tuple[str, int], *rest: Any, **options: Any) -> socket.socket:
        assert address == ("store.test", 80)
        return connect((str(endpoint.hostname), int(endpoint.port or 80)), *rest, **options)

    monkeypatch.setattr(connection, "create_connection", lead)
    return "store.test"


def everything_works(address: StoreAddress, folder: Path, bucket: str) -> None:
    store = MinioStore(address, ContentCache(folder / "cache", limit_bytes=0))
    uri = S3Uri(bucket, "a key")
    source = folder / "source"
    source.write_bytes(b"content")
    [stored] = store.upload([Upload(source, uri)])
    assert list(store.list_objects(S3Uri(bucket))) == [stored]
    assert store.stat(uri) == stored
    store.download([Download(stored, folder / "target")])
    assert (folder / "target").read_bytes() == b"content"
    assert bucket in store.buckets()
    assert store.job_credentials(timedelta(hours=1)).session_token
    store.delete([uri])


@pytest.mark.parametrize("port", ["", ":80"])
def test_the_default_port_may_be_written_or_left_out(
    store_address: StoreAddress, on_port_80: str, tmp_path: Path, port: str
) -> None:
    address = replace(store_address, endpoint_url=f"http://{on_port_80}{port}")
    everything_works(address, tmp_path, "endpoints-port")


def test_a_host_may_be_written_in_capitals(store_address: StoreAddress, tmp_path: Path) -> None:
    port = urlsplit(store_address.endpoint_url).port
    address = replace(store_address, endpoint_url=f"http://LocalHost:{port}/")
    everything_works(address, tmp_path, "endpoints-capitals")


@pytest.mark.parametrize("hours", [-2, 2], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong_is_told_as_such(
    store: MinioStore,
    store_address: StoreAddress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
) -> None:
    stored = store.write(S3Uri("endpoints-clock", "a"), b"x")
    now = datetime.now(timezone.utc) + timedelta(hours=hours)
    for module in (listing, failures):
        monkeypatch.setattr(module, "datetime", Mock(now=lambda _: now))
    monkeypatch.setattr("minio.time.utcnow", lambda: now)
    wrong = MinioStore(store_address, ContentCache(tmp_path / "cache"))
    for call in (
        lambda: list(wrong.list_objects(S3Uri("endpoints-clock"))),
        lambda: wrong.download([Download(stored, tmp_path / "target")]),
        lambda: wrong.write(S3Uri("endpoints-clock", "b"), b"x"),
        lambda: wrong.stat(S3Uri("endpoints-clock", "a")),
        wrong.buckets,
    ):
        with pytest.raises(StorageError) as refusal:
            call()
        assert refusal.value.slug == "store-clock"
        assert "clock" in str(refusal.value.hint)
