"""Takes the beginning of a local file, at the end of a row; knows no store and no registry."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from seatrial.errors import RefusedError, StorageError

_LINES = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".libsvm", ".svm"})
_QUOTED = frozenset({".csv", ".tsv"})


@dataclass(frozen=True)
class Sampling:
    """How much of each output is prepared: so many rows of each file, so many bytes of all, or both.

    `header` keeps the first line of CSV and TSV files besides; SageMaker's own algorithms take none.
    Files without rows, Parquet and archives for some, are taken whole or, beyond the bytes, not at all.
    """

    rows: int | None = None
    bytes: int | None = None
    header: bool = False

    def __post_init__(self) -> None:
        for name, limit in (("rows", self.rows), ("bytes", self.bytes)):
            if limit is not None and limit < 1:
                raise RefusedError(
                    f"a sample of {limit} {name} is none",
                    slug="empty-sample",
                    hint=f"ask for 1 of {name} or more",
                )


@dataclass(frozen=True)
class Taken:
    """What was taken of a file: rows are counted where it has any, bytes before they are packed again."""

    bytes: int
    rows: int | None
    whole: bool


def has_rows(name: str) -> bool:
    """Whether the file's lines are rows, by its ending; packed with gzip or not."""
    return _ending(name) in _LINES


def take(source: Path, target: Path, sampling: Sampling, budget: int | None) -> Taken:
    """Write the file's first rows to `target`, as many as `sampling` and the budget of bytes allow."""
    counts_header = sampling.header and _ending(source.name) in _QUOTED
    taken = rows = 0
    whole = True
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _opened(source, "rb") as lines, _opened(target, "wb") as sample:
            for number, row in enumerate(_rows(lines, quoted=_ending(source.name) in _QUOTED)):
                is_header = counts_header and number == 0
                beyond = not is_header and sampling.rows is not None and rows >= sampling.rows
                if beyond or (budget is not None and taken + len(row) > budget):
                    whole = False
                    break
                sample.write(row)
                taken += len(row)
                rows += not is_header
    except (gzip.BadGzipFile, EOFError) as broken:
        raise StorageError(
            f"{source.name} is not what its name says: {broken}",
            slug="not-gzip",
            where=str(source),
            hint="rename the object where it is written, or take no sample of it",
        ) from broken
    return Taken(taken, rows, whole)


def _rows(lines: IO[bytes], *, quoted: bool) -> Iterator[bytes]:
    """Each row with its end; a line break between quotes does not end one."""
    row = b""
    for line in lines:
        row += line
        if not quoted or row.count(b'"') % 2 == 0:
            yield row
            row = b""
    if row:
        yield row


def _opened(path: Path, mode: str) -> IO[bytes]:
    packed = path.name.lower().endswith(".gz")
    return gzip.open(path, mode) if packed else path.open(mode)  # type: ignore[return-value]  # both binary


def _ending(name: str) -> str:
    lowered = name.lower().removesuffix(".gz")
    return f".{lowered.rpartition('.')[2]}" if "." in lowered else ""
