"""Folders as one tar stream, made while it is sent; nothing is held in memory, nothing written to disk.

Of Docker's own making it would be `put_archive` of a file; this needs neither the file nor the wait for it.
"""

from __future__ import annotations

import os
import stat
import tarfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_BLOCK = 1 << 20
# Every file is sent with a time of its own, in whole seconds as Docker's archives have them, and older than
# anything that a container may write: a file that was moved over another of its size shows by its time.
_EARLIER_SECONDS = 3600


class SourceError(Exception):
    """A file of ours could not be read, or changed while it was sent."""


@dataclass(frozen=True)
class Sent:
    """What a file was sent as: size in bytes, time in whole seconds, and where it lies here."""

    size: int
    time: int
    source: Path


@dataclass
class Packing:
    """What goes into the stream; `sent` is what went, by the path in the container.

    `layers` are (folder, container path), what comes later lies on top.
    """

    layers: Sequence[tuple[Path, str]]
    sent: dict[str, Sent] = field(default_factory=dict)

    def stream(self) -> Iterator[bytes]:
        """The archive, its names relative to the container's root."""
        newest = int(time.time()) - _EARLIER_SECONDS
        try:
            for number, (path, source) in enumerate(self._files().items()):
                yield from self._entry(path, source, newest - number)
        except OSError as trouble:
            raise SourceError(str(trouble)) from trouble
        yield bytes(2 * tarfile.BLOCKSIZE)

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder, target in self.layers:
            found[target] = folder
            for parent, folders, files in os.walk(folder):
                below = target + parent[len(str(folder)) :]
                found.update((f"{below}/{name}", Path(parent, name)) for name in (*folders, *files))
        return dict(sorted(found.items()))

    def _entry(self, path: str, source: Path, modified: int) -> Iterator[bytes]:
        found = source.stat()
        header = tarfile.TarInfo(path.lstrip("/"))
        header.mode, header.uid, header.gid = stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid
        header.mtime = modified
        if stat.S_ISDIR(found.st_mode):
            header.type = tarfile.DIRTYPE
            yield _encoded(header)
            return
        header.size = found.st_size
        self.sent[path] = Sent(found.st_size, modified, source)
        yield _encoded(header)
        yield from _content(source, found.st_size)


def _encoded(header: tarfile.TarInfo) -> bytes:
    return header.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _content(source: Path, size: int) -> Iterator[bytes]:
    with source.open("rb") as body:
        left = size
        while left > 0:
            block = body.read(min(_BLOCK, left))
            if not block:
                raise SourceError(f"{source} became shorter while it was sent")
            left -= len(block)
            yield block
    yield bytes(-size % tarfile.BLOCKSIZE)
