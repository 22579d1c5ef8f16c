"""The store as an execution's role sees it: what the service would do in the role's name is refused likewise.

What the service would not do (make a bucket, look what lay beneath an output before) is not the role's: it
goes to the store with its own keys, `unbound`. Nothing comes from the content cache: a copy there may have
been read with other keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from seatrial.errors import AccessDeniedError, StorageError
from seatrial.ports.storage import (
    Credentials,
    Download,
    ObjectStore,
    S3Uri,
    StoreAddress,
    StoredObject,
    Upload,
    Writing,
)
from seatrial.storage.cache import ContentCache
from seatrial.storage.client import http_pool
from seatrial.storage.job_credentials import assume_role
from seatrial.storage.minio_store import MinioStore
from seatrial.storage.roles import RoleKeys

_NOTHING_KEPT = -1


class RoleStore(MinioStore):
    """Implements `ports.storage.RoleBoundStore`."""

    def __init__(self, unbound: ObjectStore, address: StoreAddress, keys: RoleKeys, scratch: Path) -> None:
        acting = replace(address, credentials=keys.staging)
        super().__init__(acting, ContentCache(scratch, _NOTHING_KEPT))
        self.unbound = unbound
        self._assuming = replace(address, credentials=keys.assuming)
        self._policy = keys.policy

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text."""
        with _held("s3:ListBucket"):
            yield from super().list_objects(prefix)

    def writings(self, prefix: S3Uri) -> Iterator[Writing]:
        """The same objects, each with the stamp of its latest writing."""
        with _held("s3:ListBucket"):
            yield from super().writings(prefix)

    def stat(self, uri: S3Uri) -> StoredObject | None:
        """The object at exactly this key, or None."""
        with _held("s3:GetObject"):
            return super().stat(uri)

    def read(self, uri: S3Uri) -> bytes:
        """The whole object."""
        with _held("s3:GetObject"):
            return super().read(uri)

    def write(self, uri: S3Uri, data: bytes) -> StoredObject:
        """Put the object."""
        with _held("s3:PutObject"):
            return super().write(uri, data)

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        """Fetch all, in parallel."""
        with _held("s3:GetObject"):
            super().download(downloads, shared=shared)

    def upload(self, uploads: Sequence[Upload], *, given_up: bool = False) -> list[StoredObject]:
        """Put all, in parallel."""
        with _held("s3:PutObject"):
            return super().upload(uploads, given_up=given_up)

    def delete(self, uris: Iterable[S3Uri]) -> None:
        """Remove objects; the service asks no role for it."""
        self.unbound.delete(uris)

    def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket unless it is there, as it would be on AWS."""
        self.unbound.ensure_bucket(bucket)

    def buckets(self) -> list[str]:
        """The names of all buckets, sorted."""
        return self.unbound.buckets()

    def job_credentials(self, lasting: timedelta) -> Credentials:
        """Temporary credentials in the role, seatrial's own state left out."""
        return assume_role(self._assuming, http_pool(), lasting, own_keys=False, policy=self._policy)


@contextmanager
def _held(action: str) -> Iterator[None]:
    """Tell the role's own refusals from every other trouble with the store."""
    try:
        yield
    except StorageError as refusal:
        if (
            getattr(refusal.__cause__, "code", None) != "AccessDenied"
            or refusal.slug != "store-access-denied"
        ):
            raise
        raise AccessDeniedError(
            f"AccessDenied: the execution role is not authorized to perform {action} on {refusal.where}",
            action=action,
            where=refusal.where or "",
        ) from refusal
