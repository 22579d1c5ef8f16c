"""Where in a JSON text a pointer leads; knows nothing of definitions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from seatrial.definition.pointers import tokens

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Span:
    """Lines and columns count from 1; the end is behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def place_of(text: str, pointer: str) -> Span | None:
    """The value that the pointer leads to, or the last one on its way; None if this is no JSON."""
    try:
        start = _after_space(text, 0)
        for token in tokens(pointer):
            inner = _member(text, start, token)
            if inner is None:
                break
            start = inner
        _, end = _DECODER.raw_decode(text, start)
    except ValueError:
        return None
    return Span(*_line_and_column(text, start), *_line_and_column(text, end))


def _member(text: str, start: int, token: str) -> int | None:
    """Where the member of that name, or the item of that number, begins."""
    if text.startswith("{", start):
        return _named(text, start, token)
    if text.startswith("[", start) and token.isdigit():
        return _numbered(text, start, int(token))
    return None


def _named(text: str, start: int, wanted: str) -> int | None:
    at = _after_space(text, start + 1)
    while text.startswith('"', at):
        name, at = _DECODER.raw_decode(text, at)
        value = _after_space(text, _after_space(text, at) + 1)  # past the colon
        if name == wanted:
            return value
        at = _after_space(text, _next(text, value))
    return None


def _numbered(text: str, start: int, wanted: int) -> int | None:
    at = _after_space(text, start + 1)
    if text.startswith("]", at):
        return None
    for _ in range(wanted):
        at = _next(text, at)
        if text.startswith("]", at - 1):
            return None
        at = _after_space(text, at)
    return at


def _next(text: str, value: int) -> int:
    """Behind the comma, or the closing bracket, that follows the value."""
    _, end = _DECODER.raw_decode(text, value)
    return _after_space(text, end) + 1


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
