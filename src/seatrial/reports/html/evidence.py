"""What is shown besides the records: logs and the heads of objects; knows neither files nor stores."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath

from seatrial.ports.contents import Contents
from seatrial.reports.printable import decoded, printable
from seatrial.reports.text import size_text

_LINES = 24
_CHARACTERS = 4000
_ROWS = 8
_COLUMNS = 16
_CELL = 60
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True)
class LogText:
    """A log, or its end; `note` says aloud what is missing, `path` is where the whole log lies."""

    text: str
    path: str
    note: str | None = None


@dataclass(frozen=True)
class Preview:
    """The head of one object, as rows or as text; `note` says what was left out, or why there is nothing."""

    text: str | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Evidence:
    """Logs by step, previews by object URI, and what data was found to hold.

    `note` says why there are no previews, where there are none.
    """

    logs: Mapping[str, LogText] = field(default_factory=dict)
    previews: Mapping[str, Preview] = field(default_factory=dict)
    note: str | None = None
    contents: Contents = field(default_factory=Contents)


def log_text(tail: bytes, size: int, path: str) -> LogText:
    """A log of `size` bytes that ends with `tail`; a tail begins with a whole line if it has one."""
    if len(tail) >= size:
        return LogText(printable(decoded(tail)), path)
    _, newline, whole_lines = tail.partition(b"\n")
    kept = whole_lines if newline and whole_lines else tail
    note = f"the last {size_text(len(kept))} of {size_text(size)}"
    return LogText(printable(decoded(kept)), path, note)


def preview_of(name: str, data: bytes) -> Preview:
    """The head of an object; by its suffix a table or JSON, else text, and nothing if it is no text."""
    if b"\0" in data:
        return Preview(note="binary")
    text = decoded(data)
    suffix = PurePath(name).suffix.lower()
    if not text.strip():
        return Preview(note="empty" if not data else "blank")
    if suffix in _SEPARATORS:
        return _table(text, _SEPARATORS[suffix]) or _head(text)
    return _head(_indented(text) if suffix == ".json" else text)


def _table(text: str, separator: str) -> Preview | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = list(islice(reader, _ROWS))
    except csv.Error:
        return None
    shown = tuple(tuple(_cut(cell, _CELL) for cell in row[:_COLUMNS]) for row in rows)
    lines = text.count("\n") + (not text.endswith("\n"))
    columns = max(map(len, rows), default=0)
    missing = [
        f"{len(rows)} of {lines} lines" if lines > len(rows) else "",
        f"{_COLUMNS} of {columns} columns" if columns > _COLUMNS else "",
    ]
    return Preview(rows=shown, note=_first(missing))


def _head(text: str) -> Preview:
    lines = printable(text).splitlines()
    kept = _cut("\n".join(lines[:_LINES]), _CHARACTERS)
    note = [f"{_LINES} of {len(lines)} lines" if len(lines) > _LINES else ""]
    note += [f"{_CHARACTERS} of {len(text)} characters"] if not note[0] and len(text) > len(kept) + 2 else []
    return Preview(text=kept, note=_first(note))


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _first(parts: list[str]) -> str | None:
    said = ", ".join(part for part in parts if part)
    return f"the first {said}" if said else None
