"""Searches documents and files for places, and says where in them: a JSON pointer, a line, a member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from seatrial.dataflow.portability.needles import Hit, Needle
from seatrial.dataflow.portability.unpacking import MEGABYTE, Piece, Room, pieces_of
from seatrial.definition.pointers import child

_LARGEST_DOCUMENT = 8 * MEGABYTE
_MOST = 20


@dataclass(frozen=True)
class Found:
    """A place that was named: whose it is, where in the file or document, and the text around it."""

    needle: Needle
    where: str
    hit: Hit


@dataclass(frozen=True)
class Search:
    """What is looked for."""

    needles: tuple[Needle, ...]

    def __add__(self, other: Search) -> Search:
        """Both."""
        return Search((*self.needles, *other.needles))

    def in_text(self, text: str | bytes) -> Iterator[tuple[Needle, Hit]]:
        """Every mention, in the order of the needles."""
        for needle in self.needles:
            for hit in needle.found_in(text):
                yield needle, hit

    def in_document(self, value: Any, pointer: str = "") -> Iterator[Found]:
        """Every text and every name in a JSON value; `where` is its pointer."""
        for text, where in texts_of(value, pointer):
            for needle, hit in self.in_text(text):
                yield Found(needle, where, hit)

    def in_object(self, data: bytes, room: Room) -> Iterator[Found]:
        """Mentions in a file, or in the files of an archive; of one file no more than the first few."""
        for piece in pieces_of(data, room):
            for found in islice(self._in_piece(piece), _MOST):
                inside = ", ".join((*piece.path, found.where))
                yield Found(found.needle, inside, found.hit)

    def _in_piece(self, piece: Piece) -> Iterator[Found]:
        if not any(needle.may_be_in(piece.data) for needle in self.needles):
            return
        document = _document(piece.data)
        if document is not None:
            yield from (
                Found(found.needle, f"at {found.where or '/'}", found.hit)
                for found in self.in_document(document[0])
            )
            return
        for needle, hit in self.in_text(piece.data):
            yield Found(needle, _position(piece.data, hit.start), hit)


def texts_of(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value, names of members among them, with its pointer."""
    if isinstance(value, str):
        yield value, pointer
    elif isinstance(value, Mapping):
        for key, member in value.items():
            where = child(pointer, str(key))
            yield str(key), where
            yield from texts_of(member, where)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts_of(item, child(pointer, index))


def first_of_each(found: Iterable[Found]) -> list[Found]:
    """One for each place in the file, however often it is named there."""
    return list({(each.needle.what, each.where): each for each in reversed(list(found))}.values())[::-1]


def _document(data: bytes) -> tuple[Any] | None:
    """The JSON value that the bytes are, in a tuple: null is one as well."""
    if len(data) > _LARGEST_DOCUMENT or data.lstrip()[:1] not in (b"{", b"[", b'"'):
        return None
    try:
        return (json.loads(data),)
    except (ValueError, RecursionError):
        return None


def _position(data: bytes, start: int) -> str:
    if b"\x00" in data[:MEGABYTE]:
        return f"at byte {start}"
    return f"in line {data.count(10, 0, start) + 1}"
