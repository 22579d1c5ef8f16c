"""The part of JSONPath that batch transform knows; reads values, touches no text of a record.

`$`, `.name`, `.*`, `['a','b']`, `[0,-1]`, `[1:3]`, `[*]`, one after another. Several names make an object of
those members, several positions a list; what follows a list is asked of each of its items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_NAME = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_NUMBER = r"-?\d+"
_SEGMENT = re.compile(
    rf"\.(?P<dotted>[A-Za-z_][\w-]*)"
    rf"|\.\*|\[\s*(?P<star>\*)\s*\]"
    rf"|\[\s*(?P<names>(?:{_NAME})(?:\s*,\s*(?:{_NAME}))*)\s*\]"
    rf"|\[\s*(?P<start>{_NUMBER})?\s*(?P<colon>:)\s*(?P<end>{_NUMBER})?\s*\]"
    rf"|\[\s*(?P<positions>{_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*\]"
)


class JsonPathError(ValueError):
    """No expression of the part that is known, or a value that has not got what it asks for."""


@dataclass(frozen=True)
class _Segment:
    """`several` segments yield a list of what they find."""

    find: Callable[[Any], list[Any]]
    several: bool


@dataclass(frozen=True)
class JsonPath:
    """One expression, read."""

    text: str
    segments: tuple[_Segment, ...]

    @property
    def is_everything(self) -> bool:
        """Whether it is `$`."""
        return not self.segments

    def of(self, value: Any) -> Any:
        """What it means in this value."""
        found, several = [value], False
        for segment in self.segments:
            try:
                found = [item for each in found for item in segment.find(each)]
            except (KeyError, IndexError, TypeError) as missing:
                raise JsonPathError(f"{self.text} finds nothing in it: {missing!r}") from missing
            several = several or segment.several
        return found if several else found[0]


def parse_json_path(text: str, *, ends_included: bool = False) -> JsonPath:
    """Read an expression; `ends_included` is whether `[1:3]` takes position 3 as well."""
    if not text.startswith("$"):
        raise JsonPathError(f"{text!r} does not begin with $")
    return JsonPath(text, tuple(_segments(text, ends_included)))


def _segments(text: str, ends_included: bool) -> Iterator[_Segment]:
    at = 1
    while at < len(text):
        match = _SEGMENT.match(text, at)
        if match is None:
            raise JsonPathError(
                f"{text!r} is not understood from {text[at:]!r} on; known are .name, .*, ['a','b'], [0,-1], "
                f"[1:3] and [*]"
            )
        yield _segment(match, ends_included)
        at = match.end()


def _segment(match: re.Match[str], ends_included: bool) -> _Segment:
    if match["dotted"]:
        return _member(match["dotted"])
    if match["names"]:
        names = [_unquoted(name) for name in re.findall(_NAME, match["names"])]
        return _member(names[0]) if len(names) == 1 else _members(names)
    if match["colon"]:
        return _slice(match["start"], match["end"], ends_included)
    if match["positions"]:
        positions = [int(number) for number in match["positions"].split(",")]
        return _Segment(lambda value: [_listed(value)[at] for at in positions], len(positions) > 1)
    return _Segment(
        lambda value: list(value.values()) if isinstance(value, Mapping) else [*_listed(value)], True
    )


def _member(name: str) -> _Segment:
    return _Segment(lambda value: [_object(value)[name]], several=False)


def _members(names: Sequence[str]) -> _Segment:
    return _Segment(lambda value: [{name: _object(value)[name] for name in names}], several=False)


def _slice(start: str | None, end: str | None, ends_included: bool) -> _Segment:
    first, last = int(start) if start else None, int(end) if end else None
    if last is not None and ends_included:
        last = last + 1 or None  # what follows the last position is no position
    return _Segment(lambda value: list(_listed(value)[first:last]), several=True)


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("it is no object")
    return value


def _listed(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise TypeError("it is no list")
    return value


def _unquoted(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name[1:-1])
