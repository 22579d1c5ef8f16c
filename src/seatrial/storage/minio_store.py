"""The real ObjectStore: MinIO, or any S3 endpoint, through the `minio` client; knows nothing of jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from minio.deleteobjects import DeleteObject
from minio.error import S3Error

from seatrial.errors import MissingObjectError
from seatrial.ports.storage import (
    Credentials,
    Download,
    S3Uri,
    StoreAddress,
    StoredObject,
    Upload,
    Writing,
    is_bucket_name,
)
from seatrial.storage.cache import ContentCache
from seatrial.storage.client import TRANSFERS, http_pool, s3_client
from seatrial.storage.copying import (
    READABLE,
    copy_file,
    link_or_copy,
    partial_name,
    place_copy,
    place_link,
)
from seatrial.storage.failures import NOT_THERE, refused, translated
from seatrial.storage.job_credentials import assume_role
from seatrial.storage.keys import check_bucket, check_key, check_keys, size_of_plain_file
from seatrial.storage.listing import Listing
from seatrial.storage.transfers import fetch_object, send_bytes, send_file
from seatrial.storage.wire import Wire, WireRefusalError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class MinioStore:
    """Implements `ports.storage.ObjectStore`; one of these serves all threads of a process.

    `own_keys_in_jobs` allows `job_credentials` to hand out the store's own keys where the endpoint
    has no STS: a job can then touch everything that we can.
    """

    def __init__(self, address: StoreAddress, cache: ContentCache, *, own_keys_in_jobs: bool = False) -> None:
        self._address = address
        self._cache = cache
        self._own_keys_in_jobs = own_keys_in_jobs
        self._http = http_pool()
        self._client = s3_client(address.endpoint_url, address.credentials, address.region, self._http)
        self._wire = Wire(self._client, self._http)
        self._listing = Listing(address, self._wire)
        self._threads = ThreadPoolExecutor(TRANSFERS, thread_name_prefix="seatrial-transfer")
        self._known_buckets: set[str] = set()

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text, in key order; none where no bucket is."""
        return self._listed(prefix, self._listing.objects)

    def writings(self, prefix: S3Uri) -> Iterator[Writing]:
        """The same objects, each with the stamp of its latest writing."""
        return self._listed(prefix, self._listing.writings)

    def _listed(self, prefix: S3Uri, ask: Callable[[S3Uri], Iterator[Answer]]) -> Iterator[Answer]:
        # MinIO drops a leading slash from what it is asked for, and no key begins with one.
        if not is_bucket_name(prefix.bucket) or prefix.key.startswith("/"):
            return
        with self._translated(prefix):
            try:
                yield from ask(prefix)
            except WireRefusalError as refusal:
                if refusal.code not in ("NoSuchBucket", "InvalidBucketName"):
                    raise

    def stat(self, uri: S3Uri) -> StoredObject | None:
        """The object at exactly this key, or None."""
        if uri.key.startswith("/") or not uri.key:
            return None
        with self._translated(uri):
            try:
                found = self._client.stat_object(uri.bucket, uri.key)
            except S3Error as refusal:
                if refusal.code in NOT_THERE:
                    return None
                raise
            return StoredObject(uri.bucket, uri.key, found.size or 0, (found.etag or "").strip('"'))

    def read(self, uri: S3Uri) -> bytes:
        """The whole object."""
        stored = self.stat(uri)
        if stored is None:
            raise MissingObjectError(
                f"not in the store: {uri}",
                slug="missing-object",
                where=str(uri),
                hint="`seatrial seed` writes a seeds.toml to give local data for what a pipeline expects",
            )
        with self._translated(uri), self._cache.incoming() as part:
            fetch_object(self._wire, stored, part)
            return part.read_bytes()

    def write(self, uri: S3Uri, data: bytes) -> StoredObject:
        """Put the object, making its bucket on demand."""
        check_key(uri)
        return self._into_bucket(uri, lambda: send_bytes(self._wire, data, uri))

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        """Fetch all, in parallel, through the content cache; each target is written whole or not at all.

        With `shared` a target may be a second name of the cache's own file.
        """
        if shared:
            # A second name takes less time than to hand the work to another thread.
            downloads = [each for each in downloads if not self._from_cache(each)]
        self._each(partial(self._download, shared=shared), downloads)

    def upload(self, uploads: Sequence[Upload], *, given_up: bool = False) -> list[StoredObject]:
        """Put all, in parallel, making buckets on demand; the answers in the order of `uploads`.

        With `given_up` the cache may keep the very files.
        """
        check_keys([upload.target for upload in uploads])
        for bucket in {upload.target.bucket for upload in uploads}:
            self.ensure_bucket(bucket)
        return self._each(partial(self._upload, given_up=given_up), uploads)

    def delete(self, uris: Iterable[S3Uri]) -> None:
        """Remove objects; absent ones are no error."""
        keys: dict[str, list[DeleteObject]] = {}
        for uri in uris:
            if not uri.key.startswith("/"):  # never there: see `check_key`
                keys.setdefault(uri.bucket, []).append(DeleteObject(uri.key))
        for bucket, objects in keys.items():
            with self._translated(S3Uri(bucket)):
                try:
                    failed = list(self._client.remove_objects(bucket, objects))
                except S3Error as refusal:
                    if refusal.code != "NoSuchBucket":
                        raise
                    continue
            for failure in failed:
                raise refused(failure.code, failure.message, str(S3Uri(bucket, failure.name or "")))

    def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket unless it is there."""
        if bucket in self._known_buckets:
            return
        check_bucket(bucket)
        with self._translated(S3Uri(bucket)):
            if not self._client.bucket_exists(bucket):
                self._make_bucket(bucket)
        self._known_buckets.add(bucket)

    def buckets(self) -> list[str]:
        """The names of all buckets, sorted."""
        with self._translated(S3Uri("")):
            return sorted(bucket.name for bucket in self._client.list_buckets())

    def job_credentials(self, lasting: timedelta) -> Credentials:
        """Temporary credentials for a job's own calls: every data bucket, never seatrial's own state.

        They last as long as asked, but at least an hour and at most seven days: the limits of the
        client and of MinIO. They may list, read, write and delete objects and make buckets, as the
        role that the SDK makes for SageMaker may; they may not remove a bucket or change its policy.
        """
        return assume_role(self._address, self._http, lasting, own_keys=self._own_keys_in_jobs)

    def _from_cache(self, download: Download) -> bool:
        with self._translated(download.source.uri):
            return self._cache.fetch(download.source, download.target, shared=True)

    def _download(self, download: Download, *, shared: bool) -> None:
        source, target = download.source, download.target
        with self._translated(source.uri):
            if not shared and self._cache.fetch(source, target):
                return
            if not self._cache.takes(source.size):
                self._download_past_the_cache(source, target, shared=shared)
                return
            with self._cache.incoming() as part:
                fetch_object(self._wire, source, part)
                (place_link if shared else place_copy)(part, target)
                self._cache.admit(source, part)

    def _download_past_the_cache(self, source: StoredObject, target: Path, *, shared: bool) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = partial_name(target)
        try:
            fetch_object(self._wire, source, part)
            if shared:
                part.chmod(READABLE)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def _upload(self, upload: Upload, *, given_up: bool) -> StoredObject:
        source, target = upload.source, upload.target
        with self._translated(target):
            size = size_of_plain_file(source)
            if not self._cache.takes(size):
                return self._into_bucket(target, lambda: send_file(self._client, self._wire, source, target))
            # A copy is what goes up, so that the cache holds what the store holds even if the file changes.
            with self._cache.incoming() as part:
                (link_or_copy if given_up else copy_file)(source, part)
                stored = self._into_bucket(target, lambda: send_file(self._client, self._wire, part, target))
                self._cache.admit(stored, part)
            return stored

    def _into_bucket(self, target: S3Uri, put: Callable[[], StoredObject]) -> StoredObject:
        self.ensure_bucket(target.bucket)
        with self._translated(target):
            try:
                return put()
            except (S3Error, WireRefusalError) as refusal:
                if refusal.code != "NoSuchBucket":
                    raise
                # Someone removed the bucket since we last saw it.
                self._make_bucket(target.bucket)
                return put()

    def _make_bucket(self, bucket: str) -> None:
        try:
            self._client.make_bucket(bucket)
        except S3Error as refusal:
            if refusal.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise refused(refusal.code, refusal.message, f"s3://{bucket}/") from refusal

    def _each(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
        """Do all in parallel; the first failure, in the order of `items`, cancels what has not begun."""
        if len(items) == 1:
            return [work(items[0])]
        futures: list[Future[Answer]] = [self._threads.submit(work, item) for item in items]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future in futures:
                future.cancel()
            wait(futures)
        failed = [future for future in futures if not future.cancelled() and future.exception()]
        for future in failed:
            future.result()
        return [future.result() for future in futures]

    def _translated(self, where: object) -> AbstractContextManager[None]:
        return translated(self._address.endpoint_url, str(where))
