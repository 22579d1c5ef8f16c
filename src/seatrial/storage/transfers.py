"""One object down, one file up, tried again where the line breaks; knows no cache.

Here it is verified that both ends have the same: the MD5 of what passed is compared with the store's ETag.
Only of parts of a very large file the S3 client sends a hash along, and the store compares.
"""

from __future__ import annotations

import io
import os
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from minio import Minio

from seatrial.errors import StorageError
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.storage import etags
from seatrial.storage.client import PARTS
from seatrial.storage.digests import Digest, md5_for
from seatrial.storage.outgoing import Outgoing, ShortBodyError
from seatrial.storage.tries import DamagedError, tried_again
from seatrial.storage.wire import Wire, is_encrypted

_BLOCK = 256 * 1024  # what is lost of a body that is cut


def fetch_object(wire: Wire, source: StoredObject, part: Path) -> None:
    """Write the object to the new file `part`; what stands there afterwards has the size and ETag asked for.

    A body that is cut goes on where it stopped. Tries are counted anew after each progress.
    """
    with part.open("xb") as body, closing(_Arriving(source, body)) as arriving:
        tried_again(lambda: arriving.arrive(wire), lambda: arriving.size)


class _Arriving:
    """An object on its way into a file: how much there is, and its MD5 so far."""

    def __init__(self, source: StoredObject, body: BinaryIO) -> None:
        self._source = source
        self._body = body
        self.size = 0
        self._begin()

    def arrive(self, wire: Wire) -> None:
        """Append what is missing; if it is then not what was asked for, none of it is kept."""
        self._receive(wire)
        if not self._is_whole():
            self._start_again()
            raise _damaged_object(self._source)

    def close(self) -> None:
        """Let go of what is needed while it arrives; the file is the caller's."""
        self._md5.close()

    def _start_again(self) -> None:
        self._body.seek(0)
        self._body.truncate()
        self.close()
        self._begin()

    def _receive(self, wire: Wire) -> None:
        if self.size >= self._source.size > 0:
            return
        answer = wire.get(self._source, self.size)
        try:
            self._encrypted = is_encrypted(answer.headers)
            for block in answer.stream(_BLOCK):
                self._body.write(block)
                self._md5.update(block)
                self.size += len(block)
        finally:
            answer.close()
            answer.release_conn()

    def _is_whole(self) -> bool:
        """Whether size and content are as listed; a server that encrypts may give ETags that are no MD5."""
        if self.size != self._source.size:
            return False
        comparable = etags.is_md5(self._source.etag) and not self._encrypted
        return not comparable or self._md5.hexdigest() == self._source.etag

    def _begin(self) -> None:
        self._md5: Digest = md5_for(self._source.size)
        self._encrypted = False
        self.size = 0


def send_file(client: Minio, wire: Wire, source: Path, target: S3Uri) -> StoredObject:
    """Put the file as one body; in parallel parts when it is larger than a body may well be."""
    with source.open("rb") as body:
        size = os.fstat(body.fileno()).st_size
        if size <= etags.WHOLE_SIZE:
            return _send(wire, body, size, target)
        etag = tried_again(lambda: _put_parts(client, body, size, target))
        return StoredObject(target.bucket, target.key, size, etag)


def send_bytes(wire: Wire, data: bytes, target: S3Uri) -> StoredObject:
    """Put the bytes."""
    return _send(wire, io.BytesIO(data), len(data), target)


def _send(wire: Wire, body: BinaryIO, size: int, target: S3Uri) -> StoredObject:
    with closing(Outgoing(body, size)) as outgoing:
        try:
            etag = tried_again(lambda: _put(wire, outgoing, size, target))
        except ShortBodyError as short:
            raise _shortened(target, short) from short
    return StoredObject(target.bucket, target.key, size, etag)


def _put(wire: Wire, outgoing: Outgoing, size: int, target: S3Uri) -> str:
    """Send the body once; the ETag, which says that the store has what was read here."""
    receipt = wire.put(outgoing, size, target)
    comparable = etags.is_md5(receipt.etag) and not receipt.encrypted
    if comparable and receipt.etag != outgoing.md5():
        raise _damaged_upload(target)
    return receipt.etag


def _put_parts(client: Minio, body: BinaryIO, size: int, target: S3Uri) -> str:
    """Each part bears its hash, which the store compares; a body that has become shorter is an OSError."""
    body.seek(0)
    part_size = etags.part_size_for(size)
    answer = client.put_object(
        target.bucket, target.key, body, size, part_size=part_size, num_parallel_uploads=PARTS
    )
    return (answer.etag or "").strip('"')


def _damaged_object(source: StoredObject) -> DamagedError:
    return DamagedError(
        f"what the store sends for {source.uri} is not what it lists: size or ETag differ",
        slug="object-damaged",
        where=source.uri,
        hint="upload the object again; if it happens to others too, check the disk that the store is on",
    )


def _damaged_upload(target: S3Uri) -> DamagedError:
    return DamagedError(
        f"what the store holds as {target} is not what was sent: the ETag differs",
        slug="object-damaged",
        where=str(target),
        hint="something between here and the store changes what passes (a proxy?): mend that, then run again",
    )


def _shortened(target: S3Uri, short: ShortBodyError) -> StorageError:
    return StorageError(
        f"a local file became shorter while it was sent to {target}: {short}",
        slug="local-file",
        where=str(target),
        hint="run again once nothing writes to the file any more",
    )
