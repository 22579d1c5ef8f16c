"""What is sent in one request: one record, or as many as fit (`BatchStrategy`); sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from seatrial.engines.serving.records import Record

SINGLE, MULTI = "SingleRecord", "MultiRecord"


class OversizeError(Exception):
    """A record that is larger than a payload may be."""


@dataclass(frozen=True)
class Payload:
    """`source` is the part of the object that it stands for, `body` what is sent of it."""

    source: bytes
    body: bytes


def batches(
    records: Iterable[Record],
    *,
    strategy: str,
    limit: int | None,
    reduce: Callable[[bytes], bytes] | None = None,
) -> Iterator[Payload]:
    """The payloads in the order of the object; `reduce` makes what is sent of a record's content.

    `limit` is in bytes; without one a payload holds a single record, whatever its size.
    """
    held: list[Payload] = []
    size = 0
    for record in records:
        one = _piece(record, strategy, reduce)
        if limit is not None and len(one.body) > limit:
            raise OversizeError(f"a record of {len(one.body)} bytes exceeds MaxPayloadInMB ({limit} bytes)")
        if held and (strategy == SINGLE or limit is None or size + len(one.body) > limit):
            yield _joined(held)
            held, size = [], 0
        held.append(one)
        size += len(one.body)
    if held:
        yield _joined(held)


def _piece(record: Record, strategy: str, reduce: Callable[[bytes], bytes] | None) -> Payload:
    if strategy == SINGLE:
        return Payload(record.raw, record.content if reduce is None else reduce(record.content))
    if reduce is None:
        return Payload(record.raw, record.raw)
    # Only texts are reduced: what follows a record in its object is its line end.
    return Payload(record.raw, reduce(record.content) + record.raw[len(record.content) :])


def _joined(pieces: list[Payload]) -> Payload:
    return Payload(b"".join(each.source for each in pieces), b"".join(each.body for each in pieces))
