"""Lists what is in an archive; nothing is unpacked. Knows neither stores nor outputs."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from itertools import islice
from pathlib import Path

from seatrial.ports.contents import FileProfile

_MOST_MEMBERS = 10_000
_GZIP = b"\x1f\x8b"


def profile_tar(path: Path, *, packed: bool) -> FileProfile:
    """The files in a tar."""
    if packed and not _is_gzip(path):
        return FileProfile("tar", trouble="it is not packed with gzip, as its name says")
    try:
        with tarfile.open(path) as archive:
            names = [entry.name for entry in islice(archive, _MOST_MEMBERS) if not entry.isdir()]
    except (tarfile.TarError, zlib.error, EOFError) as broken:
        return FileProfile("tar", trouble=f"it is no archive: {str(broken).partition(chr(10))[0]}")
    return FileProfile("tar", members=tuple(name.removeprefix("./") for name in names))


def profile_zip(path: Path) -> FileProfile:
    """The files in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()[:_MOST_MEMBERS] if not entry.is_dir()]
    except zipfile.BadZipFile as broken:
        return FileProfile("zip", trouble=f"it is no zip: {broken}")
    return FileProfile("zip", members=tuple(names))


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP
