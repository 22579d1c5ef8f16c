"""S3 of an AWS account, to be read and never written; knows no execution and no registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatrial.errors import MissingObjectError
from seatrial.ports.storage import Download, S3Uri, StoredObject
from seatrial.sessions.account_errors import s3_translated
from seatrial.storage.copying import partial_name

_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Dated:
    """An object, and when S3 has it from."""

    stored: StoredObject
    modified: datetime


class AccountStore:
    """What `S3DataDownloader` and `DataFlowManager` need of a store, from a client of boto3."""

    def __init__(self, s3_client: Any) -> None:
        self._client = s3_client

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text, in key order."""
        return (dated.stored for dated in self.dated(prefix))

    def dated(self, prefix: S3Uri) -> Iterator[Dated]:
        """The same objects, each with its time."""
        with s3_translated(str(prefix)):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=prefix.bucket, Prefix=prefix.key):
                for item in page.get("Contents", ()):
                    stored = StoredObject(prefix.bucket, item["Key"], item["Size"], item["ETag"].strip('"'))
                    yield Dated(stored, item["LastModified"])

    def stat(self, uri: S3Uri) -> StoredObject | None:
        """The object at exactly this key, or None."""
        found = self.stat_dated(uri)
        return found.stored if found else None

    def stat_dated(self, uri: S3Uri) -> Dated | None:
        """The same with its time."""
        try:
            with s3_translated(str(uri)):
                head = self._client.head_object(Bucket=uri.bucket, Key=uri.key)
        except MissingObjectError:
            return None
        stored = StoredObject(uri.bucket, uri.key, head["ContentLength"], head["ETag"].strip('"'))
        return Dated(stored, head["LastModified"])

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        """Fetch all, one after another; each target is written whole or not at all."""
        for item in downloads:
            self._fetch(item)

    def _fetch(self, item: Download) -> None:
        source, part = item.source, partial_name(item.target)
        item.target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with s3_translated(source.uri), part.open("xb") as file:
                answer = self._client.get_object(
                    Bucket=source.bucket, Key=source.key, IfMatch=f'"{source.etag}"'
                )
                # botocore raises IncompleteReadError for a body that is cut.
                for block in answer["Body"].iter_chunks(_BLOCK):
                    file.write(block)
            part.replace(item.target)
        finally:
            part.unlink(missing_ok=True)
