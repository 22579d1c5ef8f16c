"""Paths into documents, `A.B['name.with:dots'][0].C`: a tokenizer, its inverse, and the look-up.

Splitting at dots is not enough: metric names hold colons and dots inside the quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.definition.model import Json
from seatrial.errors import ExpressionError

_PLAIN = re.compile(r"[^.\[\]'\"\s]+")
_INDEX = re.compile(r"\[(-?\d+)\]")

# The service selects from a list by the field that names its items.
KEY_FIELDS: Mapping[str, str] = {
    "Outputs": "OutputName",
    "ProcessingInputs": "InputName",
    "InputDataConfig": "ChannelName",
    "FinalMetricDataList": "MetricName",
    "MetricDefinitions": "Name",
}


class QuotedName(str):
    """A name that was written between brackets and quotes; equal to the same name written plainly."""

    __slots__ = ()


@dataclass(frozen=True)
class PropertyPath:
    """The segments of a path: a member name or quoted key as text, an index as a number."""

    segments: tuple[str | int, ...]

    @classmethod
    def parse(cls, text: str) -> PropertyPath:
        """Read a path; anything that is none is an ExpressionError that says at which character."""
        return cls(tuple(_tokenize(text)))

    def __str__(self) -> str:
        return _render(self.segments)

    def __len__(self) -> int:
        return len(self.segments)


def _tokenize(text: str) -> Iterator[str | int]:
    position = 0
    while position < len(text):
        if text[position] == "[":
            segment, position = _bracket(text, position)
        else:
            segment, position = _member(text, position)
        yield segment
    if not text:
        raise _malformed(text, 0, "is empty")


def _member(text: str, position: int) -> tuple[str, int]:
    if position and text[position] != ".":
        raise _malformed(text, position, "needs a dot or a bracket")
    start = position + 1 if position else 0
    match = _PLAIN.match(text, start)
    if match is None:
        raise _malformed(text, start, "needs a name")
    return match.group(), match.end()


def _bracket(text: str, position: int) -> tuple[str | int, int]:
    index = _INDEX.match(text, position)
    if index is not None:
        return int(index.group(1)), index.end()
    quote = text[position + 1 : position + 2]
    # The SDK writes names between quotes unescaped, so only quote-and-bracket ends one.
    end = text.find(f"{quote}]", position + 2) if quote in ("'", '"') else -1
    if end < 0:
        raise _malformed(text, position, "needs an index or a quoted name between brackets")
    return QuotedName(text[position + 2 : end]), end + 2


def _malformed(text: str, position: int, trouble: str) -> ExpressionError:
    return ExpressionError(
        f"path {text!r} {trouble} at character {position + 1}",
        slug="malformed-path",
        where=text,
        hint="write it as Member.Member['name'][0]",
    )


def _render(segments: tuple[str | int, ...]) -> str:
    text = ""
    for segment in segments:
        if isinstance(segment, int):
            text += f"[{segment}]"
        elif _PLAIN.fullmatch(segment) and not isinstance(segment, QuotedName):
            text += f".{segment}" if text else segment
        else:
            quote = '"' if "']" in segment else "'"
            text += f"[{quote}{segment}{quote}]"
    return text


def look_up(document: Json, path: PropertyPath, key_fields: Mapping[str, str] = KEY_FIELDS) -> Json:
    """The value at `path`; a name on a list selects the item that carries it in the list's key field.

    What is not there is an ExpressionError: undefined is not null.
    """
    value, parent = document, ""
    for depth, segment in enumerate(path.segments):
        value = _step_into(value, segment, key_fields.get(parent), PropertyPath(path.segments[: depth + 1]))
        parent = segment if isinstance(segment, str) else parent
    return value


def _step_into(value: Json, segment: str | int, key_field: str | None, sofar: PropertyPath) -> Json:
    if isinstance(value, Mapping) and isinstance(segment, str):
        if segment in value:
            return value[segment]
        raise _undefined(sofar, "there is", list(value))
    if isinstance(value, list | tuple):
        return _item(value, segment, key_field, sofar)
    raise _undefined(
        sofar, f"what stands before it is {describe_kind(value)}, not something to look into", []
    )


def _item(
    items: list[Json] | tuple[Json, ...], segment: str | int, key_field: str | None, sofar: PropertyPath
) -> Json:
    if isinstance(segment, int):
        if 0 <= segment < len(items):
            return items[segment]
        raise _undefined(sofar, f"the list has {len(items)} items, counted from 0", [])
    for item in items:
        if key_field and isinstance(item, Mapping) and item.get(key_field) == segment:
            return item
    named = [str(item.get(key_field)) for item in items if isinstance(item, Mapping)] if key_field else []
    raise _undefined(sofar, "the list has" if named else "a list is read by index, [0]", named)


def _undefined(path: PropertyPath, trouble: str, names: list[str]) -> ExpressionError:
    listed = f": {', '.join(map(str, names))}" if names else (" nothing" if trouble == "there is" else "")
    return ExpressionError(
        f"{path} is undefined; {trouble}{listed}",
        slug="undefined-path",
        where=str(path),
        hint="correct the path, or make the upstream step produce it",
    )


_KINDS = {bool: "a boolean", int: "a number", float: "a number", str: "a string", type(None): "null"}


def describe_kind(value: Json) -> str:
    """What sort of JSON value this is, in words: `a string`, `a number`, `a list`."""
    if isinstance(value, Mapping):
        return "an object"
    return _KINDS.get(type(value), "a list")
