"""The calls of a job's own code as a real MinIO's trace tells of them."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import docker
import pytest
import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject
from minio.error import S3Error

from seatrial.images import Images
from seatrial.ports.observation import CallLog, S3Call, SeenCalls
from seatrial.ports.storage import Credentials, S3Uri, StoreAddress
from seatrial.settings import Settings
from seatrial.storage import STATE_BUCKET, ContentCache, MinioStore, ephemeral_store
from seatrial.storage.calls import traced_calls
from seatrial.storage.client import http_pool, s3_client
from seatrial.storage.ephemeral import OWNER_LABEL

BUCKET = "observed"
MEGABYTE = 1024 * 1024


@pytest.fixture
def log(store: MinioStore, store_address: StoreAddress) -> CallLog:
    store.ensure_bucket(BUCKET)
    return traced_calls(store_address)


@pytest.fixture
def keys(store: MinioStore, log: CallLog) -> Iterator[Credentials]:
    """A job's, expected."""
    given = store.job_credentials(timedelta(hours=1))
    log.expect(given.access_key)
    yield given
    log.forget(given.access_key)


@pytest.fixture
def job(keys: Credentials, store_address: StoreAddress) -> Minio:
    """A client with a job's keys."""
    return s3_client(store_address.endpoint_url, keys, store_address.region, http_pool())


def seen(log: CallLog, keys: Credentials) -> tuple[S3Call, ...]:
    answer = log.calls_of(keys.access_key)
    assert answer.unseen is None
    assert answer.calls is not None
    return answer.calls


def shown(log: CallLog, keys: Credentials) -> list[tuple[str, str, int]]:
    return [
        (call.operation, call.uri.removeprefix(f"s3://{BUCKET}/"), call.status) for call in seen(log, keys)
    ]


def put(client: Minio, key: str, data: bytes = b"1,2\n") -> None:
    client.put_object(BUCKET, key, io.BytesIO(data), len(data))


def get(client: Minio, key: str) -> bytes:
    answer = client.get_object(BUCKET, key)
    try:
        return answer.read()
    finally:
        answer.close()
        answer.release_conn()


def test_every_call_of_a_job_is_seen_with_its_object_and_answer(
    log: CallLog, keys: Credentials, job: Minio
) -> None:
    put(job, "a b/ü+1%20.csv")
    assert get(job, "a b/ü+1%20.csv") == b"1,2\n"
    list(job.list_objects(BUCKET, "a b/"))
    job.copy_object(BUCKET, "copy", CopySource(BUCKET, "a b/ü+1%20.csv"))
    job.remove_object(BUCKET, "copy")
    assert list(job.remove_objects(BUCKET, [DeleteObject("x"), DeleteObject("y")])) == []
    assert shown(log, keys) == [
        ("PutObject", "a b/ü+1%20.csv", 200),
        ("GetObject", "a b/ü+1%20.csv", 200),
        ("ListObjectsV2", "a b/", 200),
        ("HeadObject", "a b/ü+1%20.csv", 200),
        ("CopySource", "a b/ü+1%20.csv", 200),
        ("CopyObject", "copy", 200),
        ("DeleteObject", "copy", 204),
        ("DeleteObjects", "x", 200),
        ("DeleteObjects", "y", 200),
    ]
    written, read = seen(log, keys)[:2]
    assert (written.bytes_in, read.bytes_out) == (4, 4)
    assert written.first <= written.last <= read.last


def test_refusals_are_seen_with_their_codes(log: CallLog, keys: Credentials, job: Minio) -> None:
    for bucket, key in ((STATE_BUCKET, "ours"), (BUCKET, "never-there")):
        with pytest.raises(S3Error):
            job.get_object(bucket, key)
        with pytest.raises(S3Error):
            job.stat_object(bucket, key)
    list(job.remove_objects(STATE_BUCKET, [DeleteObject("ours")]))
    assert [(call.operation, call.status, call.error) for call in seen(log, keys)] == [
        ("GetObject", 403, "AccessDenied"),
        ("HeadObject", 403, "AccessDenied"),
        ("GetObject", 404, "NoSuchKey"),
        ("HeadObject", 404, "NoSuchKey"),
        ("DeleteObjects", 403, "AccessDenied"),
    ]


def test_an_upload_in_parts_is_an_object_when_it_is_complete(
    log: CallLog, keys: Credentials, job: Minio
) -> None:
    job.put_object(BUCKET, "large", io.BytesIO(b"x" * 6 * MEGABYTE), -1, part_size=5 * MEGABYTE)
    told = {call.operation: call for call in seen(log, keys)}
    assert list(told) == ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]
    assert (told["UploadPart"].count, told["UploadPart"].bytes_in) == (2, 6 * MEGABYTE)


def test_what_a_job_presigned_is_its_own(log: CallLog, keys: Credentials, job: Minio) -> None:
    put(job, "presigned")
    answer = urllib3.request("GET", job.presigned_get_object(BUCKET, "presigned"))
    assert answer.status == 200
    assert shown(log, keys) == [("PutObject", "presigned", 200), ("GetObject", "presigned", 200)]


def test_what_seatrial_and_others_call_is_not_the_jobs(
    log: CallLog, keys: Credentials, job: Minio, store: MinioStore, store_address: StoreAddress
) -> None:
    other = store.job_credentials(timedelta(hours=1))
    log.expect(other.access_key)
    store.write(S3Uri(BUCKET, f"named/{keys.access_key}"), b"ours")
    put(s3_client(store_address.endpoint_url, other, store_address.region, http_pool()), "others")
    put(job, "own")
    assert shown(log, keys) == [("PutObject", "own", 200)]
    assert shown(log, other) == [("PutObject", "others", 200)]
    log.forget(other.access_key)


def test_of_many_calls_at_a_time_none_is_missed(log: CallLog, keys: Credentials, job: Minio) -> None:
    workers, rounds = 8, 15

    def work(number: int) -> None:
        for turn in range(rounds):
            put(job, f"many/{number}/{turn}")
            get(job, f"many/{number}/{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = Counter(call.operation for call in seen(log, keys))
    assert counts == {"PutObject": workers * rounds, "GetObject": workers * rounds}


def test_a_store_that_goes_down_leaves_the_calls_of_a_running_job_unknown(
    images: Images, settings: Settings, docker_client: docker.DockerClient
) -> None:
    before = set(_own_stores(docker_client))
    with ephemeral_store(settings, image=lambda: images.ensure("minio")) as address:
        [started] = set(_own_stores(docker_client)) - before
        store = MinioStore(address, ContentCache(settings.cache_dir / "content"))
        store.ensure_bucket(BUCKET)
        log = traced_calls(address)
        keys = store.job_credentials(timedelta(hours=1))
        log.expect(keys.access_key)
        put(s3_client(address.endpoint_url, keys, address.region, http_pool()), "before")
        docker_client.containers.get(started).kill()
        answer = log.calls_of(keys.access_key)
    assert answer.calls is None
    assert address.endpoint_url in str(answer.unseen)


def _own_stores(client: docker.DockerClient) -> list[str]:
    return [str(each.id) for each in client.containers.list(filters={"label": OWNER_LABEL})]


def test_keys_that_may_not_see_the_trace_are_told_so(store: MinioStore, store_address: StoreAddress) -> None:
    weak = store.job_credentials(timedelta(hours=1))
    log = traced_calls(replace(store_address, credentials=weak))
    log.expect("ANYBODY")
    answer = log.calls_of("ANYBODY")
    assert answer == SeenCalls(
        None,
        f"{store_address.endpoint_url}: its keys may not see the trace of all calls (admin:ServerTrace)",
    )


class AnotherStore(BaseHTTPRequestHandler):
    """Speaks S3 in a way, and has nothing of MinIO's."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_store_that_has_no_trace_is_told_so(store_address: StoreAddress) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), AnotherStore) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = replace(store_address, endpoint_url=f"http://127.0.0.1:{server.server_port}")
        log = traced_calls(address)
        log.expect("ANYBODY")
        answer = log.calls_of("ANYBODY")
        server.shutdown()
    assert answer == SeenCalls(
        None, f"{address.endpoint_url}: it has no trace of calls as MinIO has (HTTP 404)"
    )


def test_all_of_a_process_share_one_reader_for_the_store_serves_eight(
    store: MinioStore, store_address: StoreAddress
) -> None:
    logs = [traced_calls(store_address) for _ in range(12)]
    keys = [store.job_credentials(timedelta(hours=1)).access_key for _ in logs]
    for log, key in zip(logs, keys, strict=True):
        log.expect(key)
    try:
        assert [log.calls_of(key).calls for log, key in zip(logs, keys, strict=True)] == [()] * len(logs)
    finally:
        for log, key in zip(logs, keys, strict=True):
            log.forget(key)
