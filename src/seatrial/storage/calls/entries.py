"""One line of the store's trace as the calls that it tells of; keeps nothing.

A deletion of many objects is a call for each of them, and a copy is a read of its source as well: that is
how S3 asks for permissions, and how a data flow sees them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

from seatrial.ports.observation import S3Call
from seatrial.storage.calls.operations import COPIES, operation_of
from seatrial.storage.calls.paths import split_path, split_source

_REFUSED = 403


@dataclass(frozen=True)
class Entry:
    """Who called, and what; one request may be several calls."""

    access_key: str
    calls: tuple[S3Call, ...]


def read_entry(line: bytes) -> Entry | None:
    """The calls of one line, None for one that bears no signature; a line that is no JSON is a ValueError."""
    told = json.loads(line)
    request, response = told["http"]["request"], told["http"]["response"]
    query = parse_qs(request.get("rawquery") or "", keep_blank_values=True)
    access_key = _access_key(request, query)
    if access_key is None:
        return None
    bucket, key = split_path(told["path"])
    listed = query.get("prefix")
    error = _error(response)
    call = S3Call(
        operation=operation_of(told["funcname"]),
        bucket=bucket,
        key=listed[0] if listed and not key else key,
        status=int(response["statuscode"]),
        first=_time(request["time"]),
        last=_time(response["time"]),
        bytes_in=_length(request),
        bytes_out=min(_length(response), int(told["http"]["stats"].get("outputbytes", 0))),
        error=error,
    )
    return Entry(access_key, tuple(_each(call, request, response)))


def _each(call: S3Call, request: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[S3Call]:
    if call.operation == "DeleteObjects":
        refused = dict(_errors(_xml(response)))
        keys = [_text(item, "Key") for item in _named(_xml(request), "Object")]
        for key in keys:
            error = call.error or refused.get(key)
            status = _REFUSED if refused.get(key) == "AccessDenied" else call.status
            yield replace(call, key=key, status=status, error=error, bytes_in=0, bytes_out=0)
        if keys:
            return
    source = _header(request, "X-Amz-Copy-Source")
    if call.operation in COPIES and source is not None:
        bucket, key = split_source(source)
        yield replace(call, operation="CopySource", bucket=bucket, key=key, bytes_in=0, bytes_out=0)
    yield call


def _access_key(request: Mapping[str, Any], query: Mapping[str, list[str]]) -> str | None:
    """The key that signed, by header or in a presigned URL; of the fourth version or the second."""
    signed = _header(request, "Authorization") or ""
    if "Credential=" in signed:
        return signed.partition("Credential=")[2].partition("/")[0]
    if signed.startswith("AWS "):
        return signed[4:].partition(":")[0]
    presigned = query.get("X-Amz-Credential") or query.get("AWSAccessKeyId")
    return presigned[0].partition("/")[0] if presigned else None


def _header(side: Mapping[str, Any], name: str) -> str | None:
    values = (side.get("headers") or {}).get(name)
    return str(values[0]) if values else None


def _length(side: Mapping[str, Any]) -> int:
    """The body's own size; a body sent in signed chunks says it apart."""
    length = _header(side, "X-Amz-Decoded-Content-Length") or _header(side, "Content-Length") or ""
    return int(length) if length.isdigit() else 0


def _time(text: str) -> datetime:
    """Go writes up to nine digits behind the second, and leaves zeros at the end out."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    moment = datetime.strptime(seconds[:19], "%Y-%m-%dT%H:%M:%S")
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0") or 0), tzinfo=timezone.utc)


def _error(response: Mapping[str, Any]) -> str | None:
    """S3's code of a refusal: in its body, or, where none may be sent, in a header of MinIO's."""
    if int(response["statuscode"]) < 400:
        return None
    document = _xml(response)
    code = _text(document, "Code") if document is not None else ""
    return code or _header(response, "X-Minio-Error-Code")


def _errors(document: ElementTree.Element | None) -> Iterator[tuple[str, str]]:
    return ((_text(item, "Key"), _text(item, "Code")) for item in _named(document, "Error"))


def _xml(side: Mapping[str, Any]) -> ElementTree.Element | None:
    try:
        body = base64.b64decode(side.get("body") or "")
        return ElementTree.fromstring(body) if body.lstrip().startswith(b"<") else None  # noqa: S314  # the store has read it before, and libexpat bounds what entities make of it
    except (ValueError, ElementTree.ParseError):
        return None


def _named(document: ElementTree.Element | None, name: str) -> Iterator[ElementTree.Element]:
    """The children of that name, whatever the namespace."""
    return (item for item in document if _local(item) == name) if document is not None else iter(())


def _text(element: ElementTree.Element, name: str) -> str:
    return next((item.text or "" for item in _named(element, name)), "")


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
