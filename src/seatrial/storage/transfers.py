"""One object down, one file up: verified, and tried again where the line breaks; knows no cache."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from seatrial.errors import StorageError
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.storage import etags
from seatrial.storage.client import PARTS
from seatrial.storage.digests import Digest, md5_for
from seatrial.storage.wire import Wire, WireRefusalError

_BLOCK = 256 * 1024  # what is lost of a body that is cut
_TRIES = 4
_PAUSE_SECONDS = 0.2
_SSE = "x-amz-server-side-encryption"
# The first is said of a repeated completion of an upload whose first answer was lost.
_WORTH_ANOTHER_TRY = frozenset({"NoSuchUpload", "RequestTimeout"})


def fetch_object(wire: Wire, source: StoredObject, part: Path) -> None:
    """Write the object to the new file `part`; what stands there afterwards has the size and ETag asked for.

    A body that is cut goes on where it stopped. Tries are counted anew after each progress.
    """
    with part.open("xb") as body, closing(_Arriving(source, body)) as arriving:
        failures = 0
        while True:
            before = arriving.size
            try:
                arriving.receive(wire)
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
        self.size = 0
        self._begin()

    def start_again(self) -> None:
        """Forget what arrived."""
        self._body.seek(0)
        self._body.truncate()
        self.close()
        self._begin()

    def close(self) -> None:
        """Let go of what is needed while it arrives; the file is the caller's."""
        self._md5.close()

    def receive(self, wire: Wire) -> None:
        """Append what is missing."""
        if self.size >= self._source.size > 0:
            return
        answer = wire.get(self._source, self.size)
        try:
            self._encrypted = any(name.lower().startswith(_SSE) for name in answer.headers)
            for block in answer.stream(_BLOCK):
                self._body.write(block)
                self._md5.update(block)
                self.size += len(block)
        finally:
            answer.close()
            answer.release_conn()

    def is_whole(self) -> bool:
        """Whether size and content are as listed; a server that encrypts may give ETags that are no MD5."""
        if self.size != self._source.size:
            return False
        comparable = etags.is_md5(self._source.etag) and not self._encrypted
        return not comparable or self._md5.hexdigest() == self._source.etag

    def _begin(self) -> None:
        self._md5: Digest = md5_for(self._source.size)
        self._encrypted = False
        self.size = 0


def _damaged(source: StoredObject) -> StorageError:
    return StorageError(
        f"what the store sends for {source.uri} is not what it lists: size or ETag differ",
        slug="object-damaged",
        where=source.uri,
        hint="upload the object again; if it happens to others too, check the disk that the store is on",
    )


def send_file(client: Minio, wire: Wire, source: Path, target: S3Uri) -> StoredObject:
    """Put the file as one body; in parallel parts when it is larger than a body may well be."""
    with source.open("rb") as body:
        size = os.fstat(body.fileno()).st_size
        if size <= etags.WHOLE_SIZE:
            return _send(lambda: wire.put(body, size, target), body, size, target)
        return _send(lambda: _put_parts(client, body, size, target), body, size, target)


def send_bytes(wire: Wire, data: bytes, target: S3Uri) -> StoredObject:
    """Put the bytes."""
    body = io.BytesIO(data)
    return _send(lambda: wire.put(body, len(data), target), body, len(data), target)


def _put_parts(client: Minio, body: BinaryIO, size: int, target: S3Uri) -> str:
    part_size = etags.part_size_for(size)
    answer = client.put_object(
        target.bucket, target.key, body, size, part_size=part_size, num_parallel_uploads=PARTS
    )
    return (answer.etag or "").strip('"')


def _send(put: Callable[[], str], body: BinaryIO, size: int, target: S3Uri) -> StoredObject:
    for attempt in range(1, _TRIES + 1):
        body.seek(0)
        try:
            return StoredObject(target.bucket, target.key, size, put())
        except (HTTPError, ConnectionError, TimeoutError):
            if attempt == _TRIES:
                raise
        except (S3Error, WireRefusalError) as refusal:
            if refusal.code not in _WORTH_ANOTHER_TRY or attempt == _TRIES:
                raise
        time.sleep(_PAUSE_SECONDS * 2 ** (attempt - 1))
    raise AssertionError("the last try returns or raises")
