"""An object's records, as `SplitType` sees them; reads a stream once and keeps no more than one record.

RecordIO and TFRecord are frames: a length, the data, and what goes around it. What is sent of a record alone
is its data; several go as they lie in the object.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

_RECORDIO_MAGIC = 0xCED7230A
_RECORDIO_LENGTH_BITS = 29
_RECORDIO_LENGTH = (1 << _RECORDIO_LENGTH_BITS) - 1
_ONLY_PART, _LAST_PART = 0, 3
_LONGEST_FRAME = 1 << 30


class SplitError(Exception):
    """The object is not what its `SplitType` says."""


@dataclass(frozen=True)
class Record:
    """`raw` is how it lies in the object, with its line end or frame; `content` is without."""

    raw: bytes
    content: bytes


def split(stream: BinaryIO, split_type: str) -> Iterator[Record]:
    """The records one after another; an object without content has none."""
    return _SPLITTERS[split_type](stream)


def _whole(stream: BinaryIO) -> Iterator[Record]:
    data = stream.read()
    if data:
        yield Record(data, data)


def _lines(stream: BinaryIO) -> Iterator[Record]:
    for line in stream:
        yield Record(line, line.rstrip(b"\r\n"))


def _recordio(stream: BinaryIO) -> Iterator[Record]:
    """A record that contains the magic number itself is cut there, into parts that belong together."""
    raw, parts = b"", list[bytes]()
    while head := stream.read(8):
        magic, word = struct.unpack("<II", _whole_frame(head, 8))
        if magic != _RECORDIO_MAGIC:
            raise SplitError("there is no RecordIO magic number where a record should begin")
        length, part = word & _RECORDIO_LENGTH, word >> _RECORDIO_LENGTH_BITS
        parts.append(_whole_frame(stream.read(length), length))
        raw += head + parts[-1] + stream.read(-length % 4)
        if part in (_ONLY_PART, _LAST_PART):
            yield Record(raw, struct.pack("<I", _RECORDIO_MAGIC).join(parts))
            raw, parts = b"", []
    if parts:
        raise SplitError("the object ends in the middle of a record")


def _tfrecord(stream: BinaryIO) -> Iterator[Record]:
    while head := stream.read(12):
        (length,) = struct.unpack("<Q", _whole_frame(head, 12)[:8])
        if length > _LONGEST_FRAME:
            raise SplitError(f"a TFRecord of {length} bytes; the object holds something else")
        data = _whole_frame(stream.read(length), length)
        yield Record(head + data + _whole_frame(stream.read(4), 4), data)


def _whole_frame(data: bytes, length: int) -> bytes:
    if len(data) < length:
        raise SplitError("the object ends in the middle of a record")
    return data


_SPLITTERS: Mapping[str, Callable[[BinaryIO], Iterator[Record]]] = {
    "None": _whole,
    "Line": _lines,
    "RecordIO": _recordio,
    "TFRecord": _tfrecord,
}
SPLIT_TYPES = tuple(_SPLITTERS)
