"""The bytes of objects over kept HTTP connections, each request by a presigned URL; verifies nothing.

The S3 client signs, but does not carry: its own way costs more than a millisecond of Python for each small
object, and hashes every byte that goes up a second time for the signature. By a presigned URL the body is
sent as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import BinaryIO
from xml.etree import ElementTree

from minio import Minio
from urllib3 import PoolManager
from urllib3.response import BaseHTTPResponse

from seatrial.ports.storage import S3Uri, StoredObject

# From the request's begin; one that goes on for longer is not ended.
_VALID = timedelta(hours=1)


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
        return self._ask("GET", S3Uri(source.bucket, source.key), headers, None)

    def put(self, body: BinaryIO, size: int, target: S3Uri) -> str:
        """Send the body as one object; its ETag."""
        answer = self._ask("PUT", target, {"Content-Length": str(size)}, body)
        answer.drain_conn()
        return str(answer.headers.get("ETag", "")).strip('"')

    def _ask(
        self, method: str, uri: S3Uri, headers: Mapping[str, str], body: BinaryIO | None
    ) -> BaseHTTPResponse:
        url = self._client.get_presigned_url(method, uri.bucket, uri.key, expires=_VALID)
        # An empty file as a body would be sent in chunks, which S3 does not take.
        sent = body if headers.get("Content-Length") != "0" else b""
        answer = self._http.request(
            method, url, body=sent, headers=headers, preload_content=False, redirect=False
        )
        if answer.status in (200, 206):
            return answer
        raise _refusal(answer)


def _refusal(answer: BaseHTTPResponse) -> WireRefusalError:
    body = answer.data
    try:
        told = ElementTree.fromstring(body)  # noqa: S314  # of the store that the user named, and a few lines
        code, message = told.findtext("Code"), told.findtext("Message")
    except ElementTree.ParseError:
        code = message = None
    return WireRefusalError(code or f"HTTP {answer.status}", message or str(answer.reason))
