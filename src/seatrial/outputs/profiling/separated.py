"""Looks into CSV and TSV files, row by row; knows neither stores nor outputs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from seatrial.outputs.profiling.formats import Beginning, beginning
from seatrial.outputs.profiling.headers import has_header
from seatrial.outputs.profiling.tally import Tally
from seatrial.ports.contents import Column, FileProfile

_CHUNK = 4096
_HEAD_BYTES = 64 * 1024
_HEAD_LINES = 50
_LONGEST_CELL = 1 << 24
_OTHER_DELIMITERS = (";", "\t", "|")

_LONGEST_NAME = 200

Row = list[str]


def profile_separated(path: Path, name: str, kind: str, most: int, header: bool | None = None) -> FileProfile:
    """The columns of the file's first `most` bytes; `header` where somebody knows of it."""
    delimiter = "\t" if kind == "tsv" else _delimiter(path, name)
    with beginning(path, name, most) as stream, _long_cells():
        text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8-sig", newline="")
        rows = _Rows(_without_remarks(csv.reader(text, delimiter=delimiter)), stream)
        unread = iter(rows)
        first = next(unread, None)
        if first is None:
            return FileProfile(kind, total=None if stream.cut else 0)
        head = list(islice(unread, _CHUNK))
        is_header, sure = has_header(first, head) if header is None else (header, True)
        names = unique_names(first) if is_header else positions(len(first))
        count, columns = _counted(names, head if is_header else [first, *head], unread)
    return FileProfile(
        kind,
        count,
        None if stream.cut else count,
        columns,
        header=is_header,
        sure=sure,
        first=tuple(_cut(cell) for cell in first),
        delimiter=delimiter,
        trouble=rows.trouble,
    )


def _cut(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_NAME else cell[:_LONGEST_NAME]


def positions(count: int) -> list[str]:
    """What columns are called where there is no header."""
    return [str(number) for number in range(1, count + 1)]


def unique_names(first: Iterable[str]) -> list[str]:
    """The header's names; one that comes again gets its position."""
    taken: dict[str, None] = {}
    for number, name in enumerate(first, start=1):
        while name in taken:
            name = f"{name} ({number})"
        taken[name] = None
    return list(taken)


def _without_remarks(rows: Iterator[Row]) -> Iterator[Row]:
    """All but the rows before the table that begin with `#` and are not as long as it: remarks, no header."""
    remarks: list[Row] = []
    for row in filter(None, rows):
        if row[0].startswith("#"):
            remarks.append(row)
            continue
        yield from (remark for remark in remarks if len(remark) == len(row))
        yield row
        break
    else:
        yield from remarks
    yield from rows


class _Rows:
    """The rows that are as long as the first one; the others are counted.

    Of a file that is only begun, the last row is left out: it may be half a row.
    """

    def __init__(self, reader: Iterable[Row], stream: Beginning) -> None:
        self._reader = reader
        self._stream = stream
        self._width = self._seen = self._ragged = 0
        self._example = ""

    def __iter__(self) -> Iterator[Row]:
        held: Row | None = None
        for row in filter(None, self._reader):
            if held is not None:
                yield from self._fitting(held)
            held = row
        if held is not None and not self._stream.cut:
            yield from self._fitting(held)

    @property
    def trouble(self) -> str | None:
        """What is to be said of the others."""
        if not self._ragged:
            return None
        cells = "1 cell" if self._width == 1 else f"{self._width} cells"
        return f"{self._ragged} of {self._seen} rows do not have {cells} as the first has: {self._example}"

    def _fitting(self, row: Row) -> Iterator[Row]:
        self._seen += 1
        self._width = self._width or len(row)
        if len(row) == self._width:
            yield row
            return
        self._ragged += 1
        self._example = self._example or f"row {self._seen} has {len(row)}"


def _counted(names: Sequence[str], chunk: list[Row], unread: Iterator[Row]) -> tuple[int, tuple[Column, ...]]:
    tallies = [Tally() for _ in names]
    count = 0
    while chunk:
        count += len(chunk)
        for tally, cells in zip(tallies, zip(*chunk, strict=True), strict=True):
            tally.texts(cells)
        chunk = list(islice(unread, _CHUNK))
    return count, tuple(tally.column(name) for name, tally in zip(names, tallies, strict=True))


def _delimiter(path: Path, name: str) -> str:
    """A comma, unless it divides the first rows unevenly or not at all, and another does it evenly."""
    with beginning(path, name, _HEAD_BYTES) as stream:
        head = io.BufferedReader(stream).read().decode("utf-8-sig", errors="replace")
    lines = head.splitlines(keepends=True)
    lines = (lines[:-1] if stream.cut else lines)[:_HEAD_LINES]
    lines = [line for line in lines if not line.startswith("#")] or lines
    return next((each for each in (",", *_OTHER_DELIMITERS) if _divides(lines, each)), ",")


def _divides(lines: list[str], delimiter: str) -> bool:
    try:
        lengths = {len(row) for row in csv.reader(lines, delimiter=delimiter) if row}
    except csv.Error:
        return False
    return len(lengths) == 1 and lengths != {1}


@contextmanager
def _long_cells() -> Iterator[None]:
    """The module's limit is one for the whole process, and smaller than a document may be."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
