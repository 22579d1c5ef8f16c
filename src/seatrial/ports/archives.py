"""What is in an archive, read in one way by all who compare: nothing is unpacked. Knows no store, no job."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator
from typing import IO, BinaryIO

from seatrial.ports.jobs import ArchiveMember, MemberKind

_CHUNK = 1 << 20

_KINDS: dict[bytes, MemberKind] = {
    tarfile.LNKTYPE: "hard link",
    tarfile.SYMTYPE: "symbolic link",
    tarfile.FIFOTYPE: "device",
    tarfile.CHRTYPE: "device",
    tarfile.BLKTYPE: "device",
}


def read_members(file: BinaryIO) -> Iterator[ArchiveMember]:
    """Everything in a `.tar.gz` but its folders, in its own order, files hashed as they pass."""
    with tarfile.open(fileobj=file, mode="r:gz") as archive:
        for entry in archive:
            if not entry.isdir():
                yield _member(archive, entry)


def _member(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> ArchiveMember:
    kind = _KINDS.get(entry.type, "file")
    target = _spelt_out(entry.linkname) if kind.endswith("link") else None
    size, digest = _size_and_digest(_content(archive, entry))
    return ArchiveMember(_spelt_out(entry.name).removeprefix("./"), size, digest, kind, target)


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes] | None:
    """What unpacking would put there; a symbolic link may lead anywhere and holds nothing itself."""
    if entry.issym():
        return None
    try:
        return archive.extractfile(entry)
    except KeyError:
        return None  # a hard link to what the archive does not hold


def _size_and_digest(content: IO[bytes] | None) -> tuple[int, str]:
    if content is None:
        return 0, ""
    size, digest = 0, hashlib.sha256()
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()


def _spelt_out(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
