"""The store's trace as lines, as they come; knows not what they say.

`GET /minio/admin/v3/trace` answers for as long as somebody reads. A space comes every second when nothing
else does, so that silence is a break.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from minio.credentials.credentials import Credentials as Signing
from minio.signer import sign_v4_s3
from minio.time import to_amz_date, utcnow
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from seatrial.ports.storage import StoreAddress
from seatrial.storage.client import base_url

_PATH = "/minio/admin/v3/trace?s3=true"
_SILENCE = Timeout(connect=5, read=10)
_PIECE = 256 * 1024
_EMPTY = hashlib.sha256(b"").hexdigest()


class NoTraceError(Exception):
    """This store shows no trace to us, and will not if asked again; the text says why."""


class BrokenTraceError(Exception):
    """The trace ended: what was called since is not known; the text says why."""


def trace(address: StoreAddress, http: PoolManager) -> Iterator[bytes | None]:
    """Each line as it comes, None when there was a moment without one; ends by one of the two errors.

    The first answer may take a second: the store sends its headers with the first line.
    """
    answer = _opened(address, http)
    try:
        yield None
        yield from _lines(answer)
    except HTTPError as loss:
        raise BrokenTraceError(f"the trace of {address.endpoint_url} broke off: {loss}") from loss
    finally:
        answer.close()
    raise BrokenTraceError(f"{address.endpoint_url} ended its trace")


def _opened(address: StoreAddress, http: PoolManager) -> BaseHTTPResponse:
    url = f"{base_url(address.endpoint_url)}{_PATH}"
    try:
        answer = http.request(
            "GET", url, headers=_signed(url, address), preload_content=False, timeout=_SILENCE, retries=False
        )
    except HTTPError as loss:
        raise BrokenTraceError(f"{address.endpoint_url} opened no trace: {loss}") from loss
    if answer.status == 200 and "event-stream" in answer.headers.get("Content-Type", ""):
        return answer
    answer.close()
    if answer.status >= 500:
        raise BrokenTraceError(f"{address.endpoint_url} opened no trace: HTTP {answer.status}")
    if answer.status in (401, 403):
        why = "its keys may not see the trace of all calls (admin:ServerTrace)"
    else:
        why = f"it has no trace of calls as MinIO has (HTTP {answer.status})"
    raise NoTraceError(f"{address.endpoint_url}: {why}")


def _signed(url: str, address: StoreAddress) -> dict[str, str]:
    parts, now, keys = urlsplit(url), utcnow(), address.credentials
    headers: dict[str, str | list[str] | tuple[str]] = {
        "Host": parts.netloc,
        "x-amz-date": to_amz_date(now),
        "x-amz-content-sha256": _EMPTY,
    }
    if keys.session_token:
        headers["x-amz-security-token"] = keys.session_token
    signed = sign_v4_s3(
        method="GET",
        url=parts,
        region=address.region,
        headers=headers,
        credentials=Signing(keys.access_key, keys.secret_key, keys.session_token),
        content_sha256=_EMPTY,
        date=now,
    )
    return {name: str(value) for name, value in signed.items()}


def _lines(answer: BaseHTTPResponse) -> Iterator[bytes | None]:
    """Whole lines out of pieces; the space that says that nothing happened is a moment without one."""
    rest: list[bytes] = []
    while piece := answer.read1(_PIECE):
        head, newline, tail = piece.rpartition(b"\n")
        if newline:
            yield from b"".join((*rest, head)).split(b"\n")
            rest = [tail] if tail.strip() else []
        elif piece.strip() or rest:
            rest.append(piece)
        if not rest:
            yield None
