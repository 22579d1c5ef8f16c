"""The store's trace as lines, as they come; knows not what they say.

`GET /minio/admin/v3/trace` answers for as long as somebody reads. A space comes every second when nothing
else does, so that silence is a break. We speak HTTP/1.0, over a socket of our own: the answer then is the
lines and nothing between them, and whatever has gathered is taken at once, however many lines it is.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from minio.credentials.credentials import Credentials as Signing
from minio.signer import sign_v4_s3
from minio.time import to_amz_date, utcnow

from seatrial.ports.storage import StoreAddress
from seatrial.storage.client import base_url, certificates

_PATH = "/minio/admin/v3/trace?s3=true"
_CONNECTING = 5.0
_SILENCE = 10.0
_PIECE = 1024 * 1024
_LONGEST_HEAD = 64 * 1024
_EMPTY = hashlib.sha256(b"").hexdigest()


class NoTraceError(Exception):
    """This store shows no trace to us, and will not if asked again; the text says why."""


class BrokenTraceError(Exception):
    """The trace ended: what was called since is not known; the text says why."""


def trace(address: StoreAddress) -> Iterator[bytes | None]:
    """Each line as it comes, None when all that there was has been read; ends by one of the two errors.

    The first answer may take a second: the store sends its headers with the first line.
    """
    try:
        with _connected(address.endpoint_url) as connection:
            connection.sendall(_request(address))
            yield from _lines(connection, _behind_the_head(connection, address.endpoint_url))
    except OSError as loss:
        raise BrokenTraceError(f"the trace of {address.endpoint_url} broke off: {loss}") from loss
    raise BrokenTraceError(f"{address.endpoint_url} ended its trace")


def _connected(endpoint_url: str) -> socket.socket:
    parts = urlsplit(base_url(endpoint_url))
    host, secure = parts.hostname or "", parts.scheme == "https"
    plain = socket.create_connection((host, parts.port or (443 if secure else 80)), timeout=_CONNECTING)
    plain.settimeout(_SILENCE)
    if not secure:
        return plain
    try:
        return ssl.create_default_context(cafile=certificates()).wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _request(address: StoreAddress) -> bytes:
    url = f"{base_url(address.endpoint_url)}{_PATH}"
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
    lines = [f"GET {_PATH} HTTP/1.0", *(f"{name}: {value}" for name, value in signed.items()), "", ""]
    return "\r\n".join(lines).encode()


def _behind_the_head(connection: socket.socket, endpoint_url: str) -> bytes:
    """What came of the body with the head, if it is the head of a trace."""
    told = b""
    while b"\r\n\r\n" not in told and len(told) < _LONGEST_HEAD:
        piece = connection.recv(_PIECE)
        if not piece:
            break
        told += piece
    head, _, body = told.partition(b"\r\n\r\n")
    status = head[:12].rpartition(b" ")[2].decode(errors="replace")
    if status == "200" and b"text/event-stream" in head.lower():
        return body
    if status.startswith("5") or not status:
        full = "; it shows its trace to eight readers at a time" if status == "500" else ""
        raise BrokenTraceError(f"{endpoint_url} opened no trace: HTTP {status}".rstrip() + full)
    if status in ("401", "403"):
        why = "its keys may not see the trace of all calls (admin:ServerTrace)"
    else:
        why = f"it has no trace of calls as MinIO has (HTTP {status})"
    raise NoTraceError(f"{endpoint_url}: {why}")


def _lines(connection: socket.socket, first: bytes) -> Iterator[bytes | None]:
    """Whole lines out of pieces; the space that says that nothing happened is none."""
    rest, piece = b"", first
    while True:
        head, newline, tail = piece.rpartition(b"\n")
        if newline:
            yield from (rest + head).split(b"\n")
            rest = tail
        else:
            rest += piece
        rest = rest.lstrip()
        yield None
        piece = connection.recv(_PIECE)
        if not piece:
            return
