"""Where in a JSON text a pointer leads; knows nothing of definitions."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
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


class JsonPlaces:
    """The places of one text; what was looked into once is remembered: many findings are near each other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._members: dict[int, Mapping[str, int]] = {}

    def of(self, pointer: str) -> Span | None:
        """The value that the pointer leads to, or the last one on its way; None if this is no JSON."""
        try:
            start = self._after_space(0)
            for token in tokens(pointer):
                inner = self._inside(start).get(token)
                if inner is None:
                    break
                start = inner
            _, end = _DECODER.raw_decode(self._text, start)
        except ValueError:
            return None
        return Span(*self._line_and_column(start), *self._line_and_column(end))

    def _inside(self, start: int) -> Mapping[str, int]:
        """Where each member of an object, or item of a list, begins, by name or number."""
        if start not in self._members:
            found = {"{": self._named, "[": self._numbered}.get(self._text[start : start + 1])
            self._members[start] = dict(found(start + 1)) if found else {}
        return self._members[start]

    def _named(self, at: int) -> Iterator[tuple[str, int]]:
        at = self._after_space(at)
        while self._text.startswith('"', at):
            name, at = _DECODER.raw_decode(self._text, at)
            value = self._after_space(self._after_space(at) + 1)  # past the colon
            yield name, value
            at = self._after_space(self._next(value))

    def _numbered(self, at: int) -> Iterator[tuple[str, int]]:
        at = self._after_space(at)
        number = 0
        while not self._text.startswith("]", at):
            yield str(number), at
            number += 1
            at = self._next(at)
            if self._text.startswith("]", at - 1):
                return
            at = self._after_space(at)

    def _next(self, value: int) -> int:
        """Behind the comma, or the closing bracket, that follows the value."""
        _, end = _DECODER.raw_decode(self._text, value)
        return self._after_space(end) + 1

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _line_and_column(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1
