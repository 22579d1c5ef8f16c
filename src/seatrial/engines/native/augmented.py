"""`AugmentedManifestFile`: JSON lines whose attributes are sent, objects in the place of those that name one.

Knows no jobs. What is wrong with a line is told with its number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seatrial.engines.native.manifests import (
    ManifestError,
    is_sound,
    look_up,
    read_json,
    read_text,
    refuse_missing,
)
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject

REFERENCE = "-ref"

Attribute = S3Uri | bytes
"""What is sent for an attribute: the content of an object, or its own text."""


@dataclass(frozen=True)
class Line:
    """One line by its number, and its attributes in the order that was asked for."""

    number: int
    attributes: tuple[Attribute, ...]


def find_records(store: ObjectStore, lines: Sequence[Line]) -> list[tuple[StoredObject | bytes, ...]]:
    """What is sent for each line, with the objects that its attributes name."""
    named = {
        each: line.number for line in reversed(lines) for each in line.attributes if isinstance(each, S3Uri)
    }
    found = look_up(store, named)
    missing = [uri for uri in named if uri not in found]
    refuse_missing(sorted(missing, key=lambda uri: (named[uri], uri)), named.__getitem__)
    return [
        tuple(each if isinstance(each, bytes) else found[each] for each in line.attributes) for line in lines
    ]


def parse_lines(data: bytes, attributes: Sequence[str]) -> list[Line]:
    """Every line that is not empty."""
    # Not `splitlines`: JSON texts may hold other characters that end a line to Python.
    lines = enumerate(read_text(data).split("\n"), start=1)
    return [_line(line, number, attributes) for number, line in lines if line.strip()]


def _line(line: str, number: int, attributes: Sequence[str]) -> Line:
    found = read_json(line, number)
    if not isinstance(found, dict):
        raise ManifestError(f"line {number}: it is not a JSON object")
    missing = [name for name in attributes if name not in found]
    if missing:
        raise ManifestError(f"line {number}: it has no {missing[0]!r}, which AttributeNames asks for")
    return Line(number, tuple(_attribute(name, found[name], number) for name in attributes))


def _attribute(name: str, value: Any, number: int) -> Attribute:
    text = value if isinstance(value, str) else json.dumps(value)
    if not name.endswith(REFERENCE):
        return _encoded(text, f"line {number}: {name!r}")
    if not is_sound(text):
        raise ManifestError(f"line {number}: {name!r} is not an S3 URI: {json.dumps(text)}")
    try:
        return S3Uri.parse(text)
    except ValueError as malformed:
        raise ManifestError(f"line {number}: {name!r} is {malformed}") from malformed


def _encoded(text: str, place: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as half:
        raise ManifestError(f"{place} is not text: {json.dumps(text)}") from half
