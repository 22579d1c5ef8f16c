"""What a job may do with its own credentials, asked of a real MinIO."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from minio import Minio
from minio.commonconfig import CopySource
from minio.error import S3Error

from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.storage import STATE_BUCKET, ContentCache, MinioStore
from seatrial.storage.client import http_pool, s3_client


@pytest.fixture
def job(store: MinioStore, store_address: StoreAddress, tmp_path: Path) -> MinioStore:
    """The store as a job sees it."""
    keys = store.job_credentials(timedelta(minutes=30))
    assert keys != store_address.credentials
    return MinioStore(replace(store_address, credentials=keys), ContentCache(tmp_path / "cache"))


@pytest.fixture
def job_client(store: MinioStore, store_address: StoreAddress) -> Minio:
    """The bare client with a job's credentials, for what an object store of ours does not offer."""
    keys = store.job_credentials(timedelta(minutes=30))
    return s3_client(store_address.endpoint_url, keys, store_address.region, http_pool())


def test_a_job_reads_writes_lists_and_deletes_in_every_data_bucket(
    store: MinioStore, job: MinioStore
) -> None:
    store.write(S3Uri("job-data", "in/a"), b"input")
    assert [stored.key for stored in job.list_objects(S3Uri("job-data", "in/"))] == ["in/a"]
    assert job.read(S3Uri("job-data", "in/a")) == b"input"
    job.write(S3Uri("job-data", "out/b"), b"output")
    assert store.read(S3Uri("job-data", "out/b")) == b"output"
    job.delete([S3Uri("job-data", "out/b")])
    with pytest.raises(MissingObjectError):
        store.read(S3Uri("job-data", "out/b"))


def test_a_job_makes_a_bucket_as_the_sdk_does_for_its_default(store: MinioStore, job: MinioStore) -> None:
    job.write(S3Uri("sagemaker-us-east-1-job-made", "a"), b"x")
    assert "sagemaker-us-east-1-job-made" in store.buckets()


def test_a_job_never_touches_the_state_bucket(store: MinioStore, job: MinioStore, job_client: Minio) -> None:
    state = S3Uri(STATE_BUCKET, "executions/1")
    store.write(state, b"ours")
    for call in (
        lambda: job.read(state),
        lambda: job.stat(state),
        lambda: list(job.list_objects(S3Uri(STATE_BUCKET))),
        lambda: job.write(state, b"theirs"),
        lambda: job.delete([state]),
    ):
        with pytest.raises(StorageError) as denied:
            call()
        assert denied.value.slug == "store-access-denied"
        assert denied.value.hint
    store.write(S3Uri("job-data", "a"), b"data")
    for raw in (
        lambda: job_client.get_object(STATE_BUCKET, state.key),
        lambda: job_client.copy_object("job-data", "stolen", CopySource(STATE_BUCKET, state.key)),
        lambda: job_client.copy_object(STATE_BUCKET, "planted", CopySource("job-data", "a")),
    ):
        with pytest.raises(S3Error) as refusal:
            raw()
        assert refusal.value.response.status == 403
    assert store.read(state) == b"ours"


def test_a_job_neither_removes_a_bucket_nor_opens_one_to_the_world(
    store: MinioStore, job_client: Minio
) -> None:
    store.ensure_bucket("job-keeps-this")
    for call in (
        lambda: job_client.remove_bucket("job-keeps-this"),
        lambda: job_client.set_bucket_policy("job-keeps-this", '{"Version":"2012-10-17","Statement":[]}'),
    ):
        with pytest.raises(S3Error) as refusal:
            call()
        assert refusal.value.code == "AccessDenied"
    assert "job-keeps-this" in store.buckets()


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(seconds=1), timedelta(hours=1)),
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(days=28), timedelta(days=7)),
    ],
)
def test_credentials_last_as_long_as_asked_within_the_limits(
    store: MinioStore, asked: timedelta, given: timedelta
) -> None:
    token = str(store.job_credentials(asked).session_token)
    # MinIO's token is a JWT: its second part is JSON, and `exp` in it the end.
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert abs(claims["exp"] - time.time() - given.total_seconds()) < 60


class WithoutSts(BaseHTTPRequestHandler):
    """An endpoint that has no STS."""

    def do_POST(self) -> None:
        self.send_response(501)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def endpoint_without_sts() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), WithoutSts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_endpoint_without_sts_gives_its_own_keys_only_if_the_user_said_so(
    store_address: StoreAddress, tmp_path: Path
) -> None:
    with endpoint_without_sts() as url:
        address = replace(store_address, endpoint_url=url)
        cache = ContentCache(tmp_path / "cache")
        with pytest.raises(StorageError) as refusal:
            MinioStore(address, cache).job_credentials(timedelta(hours=1))
        assert refusal.value.slug == "store-without-sts"
        assert "own_keys_in_jobs" in str(refusal.value.hint)
        allowed = MinioStore(address, cache, own_keys_in_jobs=True)
        assert allowed.job_credentials(timedelta(hours=1)) == store_address.credentials


def test_an_endpoint_that_is_gone_is_not_taken_for_one_without_sts(
    store_address: StoreAddress, tmp_path: Path
) -> None:
    address = replace(store_address, endpoint_url="http://127.0.0.1:1")
    gone = MinioStore(address, ContentCache(tmp_path / "cache"), own_keys_in_jobs=True)
    with pytest.raises(StorageError) as lost:
        gone.job_credentials(timedelta(hours=1))
    assert lost.value.slug == "store-lost"
