"""An ObjectStore in memory, as strict as the real one; for tests that are not about MinIO."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import Credentials, Download, S3Uri, StoredObject, Upload, Writing
from seatrial.storage.copying import partial_name
from seatrial.storage.etags import etag_of_bytes
from seatrial.storage.keys import check_bucket, check_key, check_keys, size_of_plain_file


class MemoryStore:
    """Keeps buckets as dicts; `downloads`, `uploads` and `given_up` record what was asked, call by call."""

    def __init__(self) -> None:
        self.contents: dict[str, dict[str, bytes]] = {}
        self.downloads: list[tuple[Download, ...]] = []
        self.uploads: list[tuple[Upload, ...]] = []
        self.given_up: list[bool] = []
        self._stamps: dict[S3Uri, int] = {}
        self._lock = threading.RLock()

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text, in the order of the keys' bytes."""
        with self._lock:
            held = dict(self.contents.get(prefix.bucket, {}))
        for key in sorted(held, key=str.encode):
            if key.startswith(prefix.key):
                yield _described(S3Uri(prefix.bucket, key), held[key])

    def writings(self, prefix: S3Uri) -> Iterator[Writing]:
        """The same objects, each with the number of its latest writing."""
        for stored in self.list_objects(prefix):
            yield Writing(stored, str(self._stamps.get(S3Uri(stored.bucket, stored.key), 0)))

    def stat(self, uri: S3Uri) -> StoredObject | None:
        """The object at exactly this key, or None."""
        data = self.contents.get(uri.bucket, {}).get(uri.key)
        return None if data is None else _described(uri, data)

    def read(self, uri: S3Uri) -> bytes:
        """The whole object."""
        try:
            return self.contents[uri.bucket][uri.key]
        except KeyError as missing:
            raise MissingObjectError(
                f"not in the store: {uri}", slug="missing-object", where=str(uri), hint="upload it"
            ) from missing

    def write(self, uri: S3Uri, data: bytes) -> StoredObject:
        """Put the object, making its bucket on demand."""
        check_key(uri)
        if "//" in uri.key or {".", ".."} & set(uri.key.split("/")):
            raise StorageError(f"not a key: {uri}", slug="invalid-key", where=str(uri), hint="rename it")
        with self._lock:
            self.ensure_bucket(uri.bucket)
            self.contents[uri.bucket][uri.key] = data
            self._stamps[uri] = self._stamps.get(uri, 0) + 1
        return _described(uri, data)

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        """Write each target whole or not at all."""
        self.downloads.append(tuple(downloads))
        for download in downloads:
            data = self.read(S3Uri(download.source.bucket, download.source.key))
            if etag_of_bytes(data) != download.source.etag:
                raise StorageError(
                    f"replaced: {download.source.uri}", slug="object-changed", hint="list it again"
                )
            download.target.parent.mkdir(parents=True, exist_ok=True)
            part = partial_name(download.target)
            part.write_bytes(data)
            part.replace(download.target)

    def upload(self, uploads: Sequence[Upload], *, given_up: bool = False) -> list[StoredObject]:
        """Put all; the answers in the order of `uploads`."""
        self.uploads.append(tuple(uploads))
        self.given_up.append(given_up)
        check_keys([upload.target for upload in uploads])
        return [self._upload(upload) for upload in uploads]

    def delete(self, uris: Iterable[S3Uri]) -> None:
        """Remove objects; absent ones are no error."""
        with self._lock:
            for uri in uris:
                self.contents.get(uri.bucket, {}).pop(uri.key, None)

    def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket unless it is there."""
        check_bucket(bucket)
        with self._lock:
            self.contents.setdefault(bucket, {})

    def buckets(self) -> list[str]:
        """The names of all buckets, sorted."""
        return sorted(self.contents)

    def job_credentials(self, lasting: timedelta) -> Credentials:
        """Credentials that say how long they last, and open nothing."""
        return Credentials("memory-key", "memory-secret", f"lasting {lasting.total_seconds():.0f} s")

    def _upload(self, upload: Upload) -> StoredObject:
        try:
            size_of_plain_file(upload.source)
            return self.write(upload.target, upload.source.read_bytes())
        except OSError as trouble:
            raise StorageError(
                f"cannot read {upload.source}: {trouble}", slug="local-file", where=str(upload.source)
            ) from trouble


def _described(uri: S3Uri, data: bytes) -> StoredObject:
    return StoredObject(uri.bucket, uri.key, len(data), etag_of_bytes(data))
