"""Looks into JSON: a value in each line, or one list of records; knows neither stores nor outputs."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from seatrial.outputs.profiling.formats import Beginning, beginning
from seatrial.outputs.profiling.tally import Tally
from seatrial.ports.contents import Column, FileProfile

_CHUNK = 4096
ALONE = "value"
"""What the one column is called where a line holds no record."""


def profile_lines(path: Path, name: str, most: int) -> FileProfile:
    """The columns of the first `most` bytes of JSON Lines."""
    with beginning(path, name, most) as stream:
        lines = _Lines(io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8-sig"), stream)
        count, columns = _counted(lines)
    return FileProfile("jsonl", count, None if stream.cut else count, columns, trouble=lines.trouble)


def profile_json(path: Path, name: str, most: int) -> FileProfile | None:
    """The columns of a list of records, or of a value in each line; None for other JSON: it is no table."""
    with beginning(path, name, most) as stream:
        content = io.BufferedReader(stream).read().decode("utf-8-sig")
    start = content.lstrip()[:1]
    if stream.cut:
        if start == "[":
            return FileProfile("json", unseen=f"larger than {most} bytes")
        return profile_lines(path, name, most) if _is_in_lines(content) else None
    try:
        found = json.loads(content)
    except ValueError as broken:
        if _is_in_lines(content):
            return profile_lines(path, name, most)
        return FileProfile("json", trouble=f"it is no JSON: {broken}")
    if not isinstance(found, list) or not found or not all(isinstance(each, Mapping) for each in found):
        return None
    count, columns = _counted(found)
    return FileProfile("json", count, count, columns)


class _Lines:
    """What stands in each line; those that are no JSON are counted. A line that was cut is left out."""

    def __init__(self, lines: Iterable[str], stream: Beginning) -> None:
        self._lines = lines
        self._stream = stream
        self._seen = self._broken = 0
        self._example = ""

    def __iter__(self) -> Iterator[Any]:
        held: tuple[int, str] | None = None
        for numbered in enumerate(self._lines, start=1):
            if held is not None:
                yield from self._parsed(*held)
            held = numbered
        if held is not None and not self._stream.cut:
            yield from self._parsed(*held)

    @property
    def trouble(self) -> str | None:
        """What is to be said of the broken ones."""
        return f"{self._broken} of {self._seen} lines are no JSON: {self._example}" if self._broken else None

    def _parsed(self, number: int, line: str) -> Iterator[Any]:
        if not line.strip():
            return
        self._seen += 1
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as broken:
            self._broken += 1
            self._example = self._example or f"line {number}, {broken}"


def _counted(values: Iterable[Any]) -> tuple[int, tuple[Column, ...]]:
    tallies: dict[str, Tally] = {}
    count = 0
    unread = iter(values)
    while chunk := [_record(value) for value in islice(unread, _CHUNK)]:
        for name in dict.fromkeys(name for record in chunk for name in record):
            tallies.setdefault(name, Tally(count))
        for name, tally in tallies.items():
            tally.values([record.get(name) for record in chunk])
        count += len(chunk)
    return count, tuple(tally.column(name) for name, tally in tallies.items())


def _record(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list):
        return {str(number): each for number, each in enumerate(value, start=1)}
    return {ALONE: value}


def _is_in_lines(content: str) -> bool:
    """Whether the first two lines hold a record each; only line feeds end one, whatever a text holds."""
    first = list(islice((line for line in io.StringIO(content) if line.strip()), 2))
    return len(first) > 1 and all(map(_is_record, first))


def _is_record(line: str) -> bool:
    try:
        return isinstance(json.loads(line), Mapping)
    except ValueError:
        return False
