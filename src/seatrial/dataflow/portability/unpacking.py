"""What an object holds, archives and compressed files opened; bounded, and nothing is written to a disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024
LARGEST = 64 * MEGABYTE
_DEEPEST = 4
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Piece:
    """A file, or one in an archive: `path` leads there from the outside, empty for the object itself."""

    path: tuple[str, ...]
    data: bytes


@dataclass
class Room:
    """How many bytes may still be unpacked; `cut` says that it was not enough for all."""

    left: int = LARGEST
    cut: bool = field(default=False)

    def take(self, size: int) -> bool:
        """Whether so much may still be unpacked."""
        if size > self.left:
            self.cut = True
            return False
        self.left -= size
        return True


def pieces_of(data: bytes, room: Room, path: tuple[str, ...] = (), deep: int = 0) -> Iterator[Piece]:
    """Every file in it; what is no archive, or a broken one, is one piece."""
    try:
        inside = list(_inside(data, room)) if deep < _DEEPEST else []
    except _BROKEN:
        inside = []
    if not inside:
        yield Piece(path, data)
    for name, content in inside:
        yield from pieces_of(content, room, (*path, name) if name else path, deep + 1)


def _inside(data: bytes, room: Room) -> Iterator[tuple[str, bytes]]:
    """Name and content of what is packed in it; a single compressed file has no name."""
    if data.startswith(b"\x1f\x8b"):
        plain = _decompressed(data, room)
        if plain is not None:
            yield "", plain
    elif data.startswith(b"PK\x03\x04"):
        yield from _zipped(data, room)
    elif data[257:262] == b"ustar":
        yield from _in_tar(data, room)


def _decompressed(data: bytes, room: Room) -> bytes | None:
    """All members of a gzip file, one behind the other; None where there is no room for them."""
    found = bytearray()
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        found += unpacker.decompress(data, room.left - len(found) + 1)
        if len(found) > room.left:
            room.cut = True
            return None
        if not unpacker.eof:
            raise EOFError("the compressed file ends too early")
        data = unpacker.unused_data.lstrip(b"\x00")
    room.take(len(found))
    return bytes(found)


def _zipped(data: bytes, room: Room) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and room.take(entry.file_size):
                yield entry.filename, archive.read(entry)


def _in_tar(data: bytes, room: Room) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for entry in archive:
            if entry.isfile() and room.take(entry.size):
                content = archive.extractfile(entry)
                if content is not None:
                    yield entry.name.removeprefix("./"), content.read()
