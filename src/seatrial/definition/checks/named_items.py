"""Lists of named objects, as inputs, outputs and channels are; knows no step type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.expressions import expression_of
from seatrial.definition.model import Json


def objects(items: Json, pointer: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The objects of a list with their pointers; what is none, or an expression, is left out."""
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, Mapping) and expression_of(item) is None:
            yield pointers.child(pointer, index), item


def used_twice(items: Json, key: str, pointer: str) -> Iterator[tuple[str, str, str]]:
    """Where, message and hint for each name that an earlier item has already."""
    first: dict[str, str] = {}
    for where, item in objects(items, pointer):
        name = item.get(key)
        if isinstance(name, str) and first.setdefault(name, where) != where:
            yield pointers.child(where, key), f"{key} {name!r} is used twice", "rename one of them"
