"""RecordIO: one record as a frame that says where it ends; the other way is `serving/records.py`.

A frame is the magic number, a word with the length in its lower 29 bits, the data, and zeros up to a multiple
of four. Where the data themselves hold the magic number at such a multiple, the record is cut there, the
number left out, and the upper bits of the word say which part a frame is: so a reader that has lost its place
can go on at the next magic number.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MAGIC = 0xCED7230A
_MAGIC_BYTES = struct.pack("<I", _MAGIC)
_WORD = len(_MAGIC_BYTES)
_LENGTH_BITS = 29
LONGEST = (1 << _LENGTH_BITS) - 1
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)


class TooLongError(ValueError):
    """A record that the length's 29 bits cannot tell of."""


def wrap(data: bytes | bytearray) -> bytes:
    """The record with its frame, or frames."""
    if len(data) > LONGEST:
        raise TooLongError(f"a RecordIO record can have {LONGEST} bytes, and this one has more")
    parts = list(_parts(data))
    if len(parts) == 1:
        return _frame(parts[0], _WHOLE)
    framed = [_frame(part, _MIDDLE) for part in parts[1:-1]]
    return b"".join([_frame(parts[0], _FIRST), *framed, _frame(parts[-1], _LAST)])


def _parts(data: bytes | bytearray) -> Iterator[memoryview]:
    content = memoryview(data)  # which is not copied
    begin = at = 0
    while (at := data.find(_MAGIC_BYTES, at)) >= 0:
        if at % _WORD:
            at += 1
            continue
        yield content[begin:at]
        begin = at = at + _WORD
    yield content[begin:]


def _frame(part: memoryview, kind: int) -> bytes:
    head = struct.pack("<II", _MAGIC, kind << _LENGTH_BITS | len(part))
    return b"".join((head, part, bytes(-len(part) % _WORD)))
