"""Takes a few objects from real S3 into a local folder, to seed a first run; knows no store of ours."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from minio import Minio
from minio.credentials.providers import AWSConfigProvider, ChainedProvider, EnvAWSProvider, Provider
from minio.datatypes import Object
from urllib3 import PoolManager

from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.storage.client import http_pool, split_endpoint
from seatrial.storage.copying import partial_name
from seatrial.storage.failures import translated
from seatrial.storage.transfers import fetch_object
from seatrial.storage.wire import Wire

_AWS = "https://s3.amazonaws.com"


@dataclass(frozen=True)
class Sample:
    """What was taken: the files, from which objects, and whether there was more than the limits allowed."""

    files: tuple[Path, ...]
    objects: tuple[StoredObject, ...]
    more: bool


def sample(
    uri: S3Uri,
    target_folder: Path,
    *,
    max_objects: int = 20,
    max_bytes: int = 100 * 10**6,
    endpoint_url: str | None = None,
) -> Sample:
    """Download the first objects beneath `uri`, in key order, as far as both limits allow.

    The endpoint is `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, or AWS itself; the credentials are those
    of the environment (`AWS_ACCESS_KEY_ID` …) or of the profile in `~/.aws/credentials`.
    """
    endpoint = endpoint_url or _endpoint_of_environment()
    with translated(endpoint, str(uri)):
        http = http_pool()
        client = _client(endpoint, http)
        chosen, more = _choose(
            client.list_objects(uri.bucket, uri.key, recursive=True), max_objects, max_bytes
        )
        if not chosen:
            raise _nothing(uri, more, max_bytes)
        wire = Wire(client, http)
        files = tuple(_fetch(wire, stored, _target(uri, stored, target_folder)) for stored in chosen)
    return Sample(files, tuple(chosen), more)


def _choose(listed: Iterable[Object], max_objects: int, max_bytes: int) -> tuple[list[StoredObject], bool]:
    """The objects to take, and whether others were left; markers of empty folders are neither."""
    chosen: list[StoredObject] = []
    left = max_bytes
    for found in listed:
        key = found.object_name or ""
        if key.endswith("/"):
            continue
        size = found.size or 0
        if len(chosen) == max_objects or size > left:
            return chosen, True
        chosen.append(StoredObject(found.bucket_name, key, size, (found.etag or "").strip('"')))
        left -= size
    return chosen, False


def _fetch(wire: Wire, stored: StoredObject, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = partial_name(target)
    try:
        fetch_object(wire, stored, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _target(uri: S3Uri, stored: StoredObject, folder: Path) -> Path:
    """Below the folder by the name relative to the prefix; an object named exactly by its last part."""
    relative = stored.key[len(uri.key) :] if uri.key.endswith("/") or not uri.key else ""
    if not relative and stored.key.startswith(f"{uri.key}/"):
        relative = stored.key[len(uri.key) + 1 :]
    target = folder / (relative.lstrip("/") or stored.key.rpartition("/")[2])
    if not target.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"the key {stored.key!r} leads out of {folder}")
    return target


def _client(endpoint: str, http: PoolManager) -> Minio:
    host, secure = split_endpoint(endpoint)
    return Minio(host, secure=secure, credentials=_credentials(), http_client=http)


def _credentials() -> Provider:
    provider = ChainedProvider([EnvAWSProvider(), AWSConfigProvider()])
    try:
        provider.retrieve()
    except ValueError as none:
        raise StorageError(
            "no AWS credentials to take a sample with",
            slug="no-aws-credentials",
            hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN too if you have one), "
            "or AWS_PROFILE for a profile in ~/.aws/credentials",
        ) from none
    return provider


def _endpoint_of_environment() -> str:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or _AWS


def _nothing(uri: S3Uri, more: bool, max_bytes: int) -> StorageError:
    if more:
        return StorageError(
            f"the first object beneath {uri} is larger than {max_bytes} bytes",
            slug="sample-too-large",
            where=str(uri),
            hint="allow more bytes, or name a smaller object",
        )
    return MissingObjectError(
        f"there is nothing beneath {uri}",
        slug="missing-object",
        where=str(uri),
        hint="check bucket and prefix",
    )
