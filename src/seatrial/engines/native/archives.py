"""`model.tar.gz` and `output.tar.gz`: names relative to the folder, without `./`; knows no store.

The same content gives the same bytes: members are sorted, times, owners and the archive's own header
are fixed. Symbolic links are neither followed nor packed, as in every output.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from seatrial.engines.native.trees import Entry, spelt_out
from seatrial.ports.jobs import ArchiveMember

# Model files barely shrink any further, and higher levels cost seconds for each hundred megabytes.
_COMPRESSION = 1


def write_archive(entries: Sequence[Entry], target: Path) -> tuple[ArchiveMember, ...]:
    """Pack a folder's entries into `target`; what was packed, nothing and no archive without a file."""
    if not any(entry.is_file for entry in entries):
        return ()
    members = []
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=_COMPRESSION, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for entry in entries:
            if entry.is_file:
                members.append(_add_file(archive, entry))
            else:
                archive.addfile(_header(entry))
    return tuple(members)


def _add_file(archive: tarfile.TarFile, entry: Entry) -> ArchiveMember:
    header = _header(entry)
    with entry.path.open("rb") as source:
        digesting = _DigestingReader(source)
        archive.addfile(header, digesting)
    return ArchiveMember(spelt_out(entry.name), header.size, digesting.hexdigest())


def _header(entry: Entry) -> tarfile.TarInfo:
    status = entry.path.stat(follow_symlinks=False)
    header = tarfile.TarInfo(entry.name)
    header.mode = status.st_mode & 0o777
    if entry.is_file:
        header.size = status.st_size
    else:
        header.type = tarfile.DIRTYPE
    return header


class _DigestingReader(io.RawIOBase):
    """Hashes what passes through, so that a large model is read once."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
