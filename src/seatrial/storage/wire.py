"""The bytes of objects over kept HTTP connections, each request by a presigned URL.

The S3 client signs, but does not carry: its own way costs more than a millisecond of Python for each small
object, and hashes every byte that goes up a second time for the signature. By a presigned URL the body is
sent as it is, with nothing for the store to compare it with: whoever sends or fetches compares what passed
with the ETag (`transfers` does), for nothing is verified here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

from minio import Minio
from urllib3 import PoolManager
from urllib3.response import BaseHTTPResponse

from seatrial.ports.storage import S3Uri, StoredObject

# From the request's begin; one that goes on for longer is not ended.
_VALID = timedelta(hours=1)
_SSE = "x-amz-server-side-encryption"


@dataclass(frozen=True)
class Receipt:
    """What the store says of a body that it took; the ETag of an encrypted one may be no MD5."""

    etag: str
    encrypted: bool


class WireRefusalError(Exception):
    """The store's refusal; `code` is S3's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Wire:
    """One endpoint's objects; serves all threads of a process."""

    def __init__(self, client: Minio, http: PoolManager) -> None:
        self._client = client
        self._http = http

    def get(self, source: StoredObject, offset: int) -> BaseHTTPResponse:
        """The body of the very object that was listed (If-Match) from `offset` on; the caller releases it."""
        headers = {"If-Match": f'"{source.etag}"'}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        return self.ask("GET", self._url("GET", source.bucket, source.key), headers)

    def put(self, body: Iterable[bytes], size: int, target: S3Uri) -> Receipt:
        """Send the body, which has exactly this size, as one object."""
        url = self._url("PUT", target.bucket, target.key)
        # An empty body would be sent in chunks, which S3 does not take.
        answer = self.ask("PUT", url, {"Content-Length": str(size)}, body if size else b"")
        answer.drain_conn()
        return Receipt(str(answer.headers.get("ETag", "")).strip('"'), is_encrypted(answer.headers))

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Iterable[bytes] | bytes | None = None,
    ) -> BaseHTTPResponse:
        """The answer to any presigned request, of an object or of a page of a listing.

        Its body is not read yet; a refusal is a `WireRefusalError`.
        """
        parts = urlsplit(url)
        # Not the manager's own `request`: it takes every long URL apart again, character by character.
        pool = self._http.connection_from_host(parts.hostname, parts.port, parts.scheme)
        answer = pool.urlopen(
            method,
            f"{parts.path}?{parts.query}",
            body=body,
            headers=headers,
            preload_content=False,
            redirect=False,
        )
        if answer.status in (200, 206):
            return answer
        raise _refusal(answer)

    def _url(self, method: str, bucket: str, key: str) -> str:
        return self._client.get_presigned_url(method, bucket, key, expires=_VALID)


def keep_signed_urls_out_of_logs() -> None:
    """Have the HTTP library's loggers drop what bears a signature; asked twice it is done once.

    A presigned URL is a key to its object for as long as it is valid: no place for it in anybody's log. What
    became of the request is told by our own errors.
    """
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logging.getLogger(name).addFilter(_bears_no_signature)


def _bears_no_signature(record: logging.LogRecord) -> bool:
    return "X-Amz-Signature" not in record.getMessage()


def is_encrypted(headers: Iterable[str]) -> bool:
    """Whether the store encrypts what it answers about, by the names of the answer's headers."""
    return any(name.lower().startswith(_SSE) for name in headers)


def _refusal(answer: BaseHTTPResponse) -> WireRefusalError:
    body = answer.data
    try:
        told = ElementTree.fromstring(body)  # noqa: S314  # of the store that the user named, and a few lines
        code, message = told.findtext("Code"), told.findtext("Message")
    except ElementTree.ParseError:
        code = message = None
    return WireRefusalError(code or f"HTTP {answer.status}", message or str(answer.reason))
