"""Folders as one tar stream, made while it is sent; nothing is held in memory, nothing written to disk.

Of Docker's own making it would be `put_archive` of a file; this needs neither the file nor the wait for it.
"""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_BLOCK = 1 << 20
# Whatever the container writes is newer than what it was given, though both times are whole seconds.
_EARLIER_SECONDS = 3600


@dataclass
class Packing:
    """What goes into the stream, and what went: path in the container to (size, time in whole seconds).

    `layers` are (folder, container path), what comes later lies on top.
    """

    layers: Sequence[tuple[Path, str]]
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)

    def stream(self) -> Iterator[bytes]:
        """The archive, its names relative to the container's root."""
        on_top = self._files()
        for path, source in on_top.items():
            yield from self._entry(path, source)
        yield bytes(2 * tarfile.BLOCKSIZE)

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder, target in self.layers:
            found[target] = folder
            for parent, folders, files in os.walk(folder):
                below = target + parent[len(str(folder)) :]
                found.update((f"{below}/{name}", Path(parent, name)) for name in (*folders, *files))
        return dict(sorted(found.items()))

    def _entry(self, path: str, source: Path) -> Iterator[bytes]:
        found = source.stat()
        header = tarfile.TarInfo(path.lstrip("/"))
        header.mode, header.uid, header.gid = stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid
        header.mtime = int(found.st_mtime) - _EARLIER_SECONDS
        if stat.S_ISDIR(found.st_mode):
            header.type = tarfile.DIRTYPE
            yield _encoded(header)
            return
        header.size = found.st_size
        self.sent[path] = (found.st_size, header.mtime)
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
                raise OSError(f"{source} became shorter while it was sent")
            left -= len(block)
            yield block
    yield bytes(-size % tarfile.BLOCKSIZE)
