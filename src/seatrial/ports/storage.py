"""Objects and where they live, as the rest of seatrial sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

_BUCKET_NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
BUCKET_NAMES = "3 to 63 of a-z, 0-9, `.` and `-`, with a letter or digit at both ends"


def is_bucket_name(name: str) -> bool:
    """Whether a new bucket can have this name; `BUCKET_NAMES` says it in words."""
    return _BUCKET_NAME.fullmatch(name) is not None


@dataclass(frozen=True, order=True)
class S3Uri:
    """`s3://bucket/key`; the key may be empty, a prefix or a whole name, and is kept to the letter."""

    bucket: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> S3Uri:
        """Read `s3://bucket[/key]`; anything else is a ValueError."""
        scheme, separator, rest = text.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not separator or not bucket:
            raise ValueError(f"not an S3 URI: {text!r} (expected s3://bucket/key)")
        return cls(bucket, key)

    def child(self, relative: str) -> S3Uri:
        """This prefix with `relative` beneath it, joined by exactly one slash."""
        below = relative.lstrip("/")
        return S3Uri(self.bucket, f"{self.key.rstrip('/')}/{below}" if self.key.strip("/") else below)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class StoredObject:
    """One object as the store lists it; `etag` without quotes, `size` in bytes."""

    bucket: str
    key: str
    size: int
    etag: str

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class Writing:
    """An object, and when it was written: `stamp` is another one if the same content is written again."""

    stored: StoredObject
    stamp: str


@dataclass(frozen=True)
class Download:
    """One object and the file it becomes."""

    source: StoredObject
    target: Path


@dataclass(frozen=True)
class Upload:
    """One file and the object it becomes."""

    source: Path
    target: S3Uri


@dataclass(frozen=True)
class Credentials:
    """A key pair, and the token if it is a temporary one."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class StoreAddress:
    """Where the store answers.

    `endpoint_url` is for us, `container_endpoint_url` for a container on the Docker network `network`;
    `hosts` are the extra host names that a container needs to reach it.
    """

    endpoint_url: str
    container_endpoint_url: str
    network: str
    credentials: Credentials
    region: str = "us-east-1"
    hosts: Mapping[str, str] = field(default_factory=dict)


class ObjectStore(Protocol):
    """An S3 store. Missing things raise `MissingObjectError`, everything else that fails `StorageError`."""

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text (no slash implied), in key order.

        A bucket that is not there, or cannot be, holds none: buckets are made on demand.
        """

    def writings(self, prefix: S3Uri) -> Iterator[Writing]:
        """The same objects, each with the stamp of its latest writing."""

    def stat(self, uri: S3Uri) -> StoredObject | None:
        """The object at exactly this key, or None."""

    def read(self, uri: S3Uri) -> bytes:
        """The whole object."""

    def write(self, uri: S3Uri, data: bytes) -> StoredObject:
        """Put the object, making its bucket on demand."""

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        """Fetch all, in parallel, through the content cache; each target is written whole or not at all.

        A target is the caller's own copy: writing to it never reaches the cache. With `shared` it may be
        a second name of the cache's own file, which costs no copy, and which nobody may write to.
        """

    def upload(self, uploads: Sequence[Upload], *, given_up: bool = False) -> list[StoredObject]:
        """Put all, in parallel, making buckets on demand; the answers in the order of `uploads`.

        With `given_up` nobody writes to the sources any more and the caller will only remove them: the
        cache may keep the very files instead of copies, their times and permissions changed.
        """

    def delete(self, uris: Iterable[S3Uri]) -> None:
        """Remove objects; absent ones are no error."""

    def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket unless it is there."""

    def buckets(self) -> list[str]:
        """The names of all buckets, sorted."""

    def job_credentials(self, lasting: timedelta) -> Credentials:
        """Temporary credentials for a job's own calls: every data bucket, never seatrial's own state."""


@runtime_checkable
class RoleBoundStore(ObjectStore, Protocol):
    """A store as an execution's role sees it: what the role may not do raises `AccessDeniedError`."""

    @property
    def unbound(self) -> ObjectStore:
        """The same store with its own keys."""


def unbound(store: ObjectStore) -> ObjectStore:
    """The store for what the service would ask no role for: looking what an output's prefix held before."""
    return store.unbound if isinstance(store, RoleBoundStore) else store
