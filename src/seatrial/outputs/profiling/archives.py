"""Lists what is in an archive; nothing is unpacked. Knows neither stores nor outputs."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from seatrial.outputs.profiling.formats import beginning
from seatrial.ports.contents import FileProfile

_MOST_MEMBERS = 10_000
_MOST_BYTES = 2 * 10**9


def profile_tar(path: Path, name: str) -> FileProfile:
    """The files in a tar, packed or not as its name says; one that would fill the disk is left aside."""
    with beginning(path, name, _MOST_BYTES) as stream:
        try:
            with tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as archive:
                files = ((entry.name, entry.size) for entry in archive if not entry.isdir())
                found = list(islice(files, _MOST_MEMBERS + 1))
        except tarfile.TarError as broken:
            if stream.cut:
                return FileProfile("tar", unseen=f"it holds more than {_MOST_BYTES:,} bytes")
            return FileProfile("tar", trouble=f"it is no archive: {broken}")
        if stream.cut:  # between two members: it looks like the end
            return FileProfile("tar", unseen=f"it holds more than {_MOST_BYTES:,} bytes")
    return _listed("tar", [(name.removeprefix("./"), size) for name, size in found])


def profile_zip(path: Path) -> FileProfile:
    """The files in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = [(entry.filename, entry.file_size) for entry in archive.infolist() if not entry.is_dir()]
    except zipfile.BadZipFile as broken:
        return FileProfile("zip", trouble=f"it is no zip: {broken}")
    return _listed("zip", found)


def _listed(kind: str, found: Sequence[tuple[str, int]]) -> FileProfile:
    """All the members, or none: of a part of them nobody could say what is missing."""
    if len(found) > _MOST_MEMBERS:
        return FileProfile(kind, unseen=f"it holds more than {_MOST_MEMBERS:,} files")
    return FileProfile(kind, members=tuple(name for name, _ in found), sizes=tuple(size for _, size in found))
