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
_AFTER_THE_FIRST = 3
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
    """At most so many bytes of a stream, and the rest of a character; `cut` says whether there was more."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._left = most
        self._over = 0
        self._ended = False
        self.cut = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io's own word is wider
        """Fill the buffer as far as the limit allows."""
        if not self._left:
            return self._finish_character(buffer)
        piece = self._stream.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)

    def _finish_character(self, buffer: memoryview) -> int:
        """Half a character of UTF-8 would be called no text; one has at most three bytes after its first."""
        following = b"" if self._ended else self._stream.read(1)
        self.cut = self.cut if self._ended else bool(following)
        self._ended = not (following and following[0] & 0xC0 == 0x80 and self._over < _AFTER_THE_FIRST)
        if self._ended:
            return 0
        self._over += 1
        buffer[:1] = following
        return 1


@contextmanager
def beginning(path: Path, name: str, most: int) -> Iterator[Beginning]:
    """The first bytes of what is in the file, unpacked."""
    with path.open("rb") as raw:
        if is_packed(name):
            with gzip.open(raw) as unpacked:
                yield Beginning(unpacked, most)  # type: ignore[arg-type]  # it reads bytes, which is all
        else:
            yield Beginning(raw, most)
