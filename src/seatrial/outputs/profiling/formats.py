"""What a file is by its name, and its content as far as it is looked at; knows no table."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

_FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".json": "json",
    ".zip": "zip",
    ".tar": "tar",
    ".tgz": "tar",
}
_PACKABLE = frozenset({"csv", "tsv", "jsonl", "json", "tar"})
ARCHIVES = frozenset({"tar", "zip"})


def format_of(name: str) -> str | None:
    """The format that a file's name promises; None where nobody looks into it.

    Names that begin with a dot or an underscore are those of markers (`_SUCCESS`) and checksums.
    """
    path = PurePosixPath(name.lower())
    if path.name.startswith((".", "_")):
        return None
    packed = path.suffix == ".gz"
    found = _FORMATS.get(PurePosixPath(path.stem).suffix if packed else path.suffix)
    return found if not packed or found in _PACKABLE else None


def is_packed(name: str) -> bool:
    """Whether the name promises gzip."""
    return name.lower().endswith((".gz", ".tgz"))


class Beginning(io.RawIOBase):
    """At most so many bytes of a stream; `cut` says whether there was more."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._left = most
        self.cut = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io's own word is wider
        """Fill the buffer as far as the limit allows."""
        if not self._left:
            self.cut = bool(self._stream.read(1))
            return 0
        piece = self._stream.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


@contextmanager
def beginning(path: Path, name: str, most: int) -> Iterator[Beginning]:
    """The first bytes of what is in the file, unpacked."""
    with path.open("rb") as raw:
        if is_packed(name):
            with gzip.open(raw) as unpacked:
                yield Beginning(unpacked, most)  # type: ignore[arg-type]  # it reads bytes, which is all
        else:
            yield Beginning(raw, most)
