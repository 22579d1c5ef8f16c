"""Lists what is in an archive; nothing is unpacked. Knows neither stores nor outputs."""

from __future__ import annotations

import io
import tarfile
import zipfile
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
                names = [entry.name for entry in islice(archive, _MOST_MEMBERS) if not entry.isdir()]
        except tarfile.TarError as broken:
            if stream.cut:
                return FileProfile("tar", unseen=f"it holds more than {_MOST_BYTES:,} bytes")
            return FileProfile("tar", trouble=f"it is no archive: {broken}")
    return FileProfile("tar", members=tuple(name.removeprefix("./") for name in names))


def profile_zip(path: Path) -> FileProfile:
    """The files in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()[:_MOST_MEMBERS] if not entry.is_dir()]
    except zipfile.BadZipFile as broken:
        return FileProfile("zip", trouble=f"it is no zip: {broken}")
    return FileProfile("zip", members=tuple(names))
