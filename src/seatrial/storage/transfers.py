"""One object down, one file up: verified, and tried again where the line breaks; knows no cache."""

from __future__ import annotations

import hashlib
import io
import os
import time
from pathlib import Path
from typing import BinaryIO

from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from seatrial.errors import StorageError
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.storage.client import PARTS
from seatrial.storage.etags import is_md5, part_size_for

_BLOCK = 128 * 1024  # what is lost of a body that is cut
_TRIES = 4
_PAUSE_SECONDS = 0.2
_SSE = "x-amz-server-side-encryption"


def fetch_object(client: Minio, source: StoredObject, part: Path) -> None:
    """Write the object to the new file `part`; what stands there afterwards has the size and ETag asked for.

    A body that is cut goes on where it stopped. Tries are counted anew after each progress.
    """
    with part.open("xb") as body:
        arriving = _Arriving(source, body)
        failures = 0
        while True:
            before = arriving.size
            try:
                arriving.receive(client)
                if arriving.is_whole():
                    return
                loss: Exception = _damaged(source)
                arriving.start_again()
            except (HTTPError, ConnectionError, TimeoutError) as broken:
                loss = broken
            failures = 1 if arriving.size > before else failures + 1
            if failures >= _TRIES:
                raise loss
            time.sleep(_PAUSE_SECONDS * 2 ** (failures - 1))


class _Arriving:
    """An object on its way into a file: how much there is, and its MD5 so far."""

    def __init__(self, source: StoredObject, body: BinaryIO) -> None:
        self._source = source
        self._body = body
        self.start_again()

    def start_again(self) -> None:
        """Forget what arrived."""
        self._body.seek(0)
        self._body.truncate()
        self._digest = hashlib.md5(usedforsecurity=False)
        self._encrypted = False
        self.size = 0

    def receive(self, client: Minio) -> None:
        """Append what is missing, from the very object that was listed (If-Match)."""
        if self.size >= self._source.size > 0:
            return
        answer: BaseHTTPResponse = client.get_object(
            self._source.bucket,
            self._source.key,
            offset=self.size,
            request_headers={"If-Match": f'"{self._source.etag}"'},
        )
        try:
            self._encrypted = any(name.lower().startswith(_SSE) for name in answer.headers)
            for block in answer.stream(_BLOCK):
                self._body.write(block)
                self._digest.update(block)
                self.size += len(block)
        finally:
            answer.close()
            answer.release_conn()

    def is_whole(self) -> bool:
        """Whether size and content are as listed; a server that encrypts may give ETags that are no MD5."""
        if self.size != self._source.size:
            return False
        comparable = is_md5(self._source.etag) and not self._encrypted
        return not comparable or self._digest.hexdigest() == self._source.etag


def _damaged(source: StoredObject) -> StorageError:
    return StorageError(
        f"what the store sends for {source.uri} is not what it lists: size or ETag differ",
        slug="object-damaged",
        where=source.uri,
        hint="upload the object again; if it happens to others too, check the disk that the store is on",
    )


def send_file(client: Minio, source: Path, target: S3Uri) -> StoredObject:
    """Put the file, in parallel parts when it is large."""
    with source.open("rb") as body:
        return _send(client, body, os.fstat(body.fileno()).st_size, target)


def send_bytes(client: Minio, data: bytes, target: S3Uri) -> StoredObject:
    """Put the bytes."""
    return _send(client, io.BytesIO(data), len(data), target)


def _send(client: Minio, body: BinaryIO, size: int, target: S3Uri) -> StoredObject:
    part_size = part_size_for(size)
    for attempt in range(1, _TRIES + 1):
        body.seek(0)
        try:
            answer = client.put_object(
                target.bucket, target.key, body, size, part_size=part_size, num_parallel_uploads=PARTS
            )
        except (HTTPError, ConnectionError, TimeoutError):
            if attempt == _TRIES:
                raise
            time.sleep(_PAUSE_SECONDS * 2 ** (attempt - 1))
        except S3Error as refusal:
            # A repeated completion of an upload whose first answer was lost.
            if refusal.code not in ("NoSuchUpload", "RequestTimeout") or attempt == _TRIES:
                raise
        else:
            return StoredObject(target.bucket, target.key, size, (answer.etag or "").strip('"'))
    raise AssertionError("the last try returns or raises")
