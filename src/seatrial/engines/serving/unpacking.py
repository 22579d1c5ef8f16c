"""Unpacks `model.tar.gz` into the folder that the container sees as `/opt/ml/model`; trusts nothing in it.

Folders and plain files are made, and links that stay inside; whatever would lie elsewhere is refused.
"""

from __future__ import annotations

import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

_BLOCK = 1 << 20
# The image may run as any user.
_FOLDER, _FILE, _EXECUTABLE = 0o777, 0o644, 0o755


class UnpackingError(Exception):
    """No archive, or one that cannot be unpacked here."""


def unpack(archive: Path, target: Path) -> None:
    """All that is in the archive, below `target`, which is there."""
    try:
        with tarfile.open(archive, mode="r:gz", errors="surrogateescape") as opened:
            links = [member for member in opened if not _take(opened, member, target)]
            for link in links:
                _link(link, target)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as trouble:
        raise UnpackingError(f"it cannot be unpacked as a .tar.gz ({trouble})") from trouble


def _take(opened: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> bool:
    """Make a folder or a file; False for a link, which is made when all files are there."""
    place = _place(member.name, target)
    if member.isdir():
        _make_folder(place, target)
    elif member.isreg():
        _make_folder(place.parent, target)
        body = opened.extractfile(member)
        with place.open("wb") as file:
            if body is not None:
                shutil.copyfileobj(body, file, _BLOCK)
        place.chmod(_EXECUTABLE if member.mode & 0o100 else _FILE)
    elif member.issym() or member.islnk():
        return False
    return True  # pipes, sockets and devices are nobody's model


def _link(member: tarfile.TarInfo, target: Path) -> None:
    """A link becomes a copy of what it leads to in this very archive; one that leads nowhere is left out."""
    place = _place(member.name, target)
    base = PurePosixPath(member.name).parent if member.issym() else PurePosixPath()
    source = _place(str(base / member.linkname), target)
    _make_folder(place.parent, target)
    if source.is_file():
        shutil.copyfile(source, place)
        place.chmod(source.stat().st_mode)
    elif source.is_dir() and not place.is_relative_to(source):
        shutil.copytree(source, place)


def _place(name: str, target: Path) -> Path:
    """Where a member lies; `..` counts, as long as it does not lead out."""
    parts: list[str] = []
    for part in PurePosixPath(name).parts:
        if part == ".." and parts:
            parts.pop()
        elif part in ("..", "/"):
            raise UnpackingError(f"{name!r} would lie outside the model's folder")
        else:
            parts.append(part)
    return target.joinpath(*parts)


def _make_folder(folder: Path, target: Path) -> None:
    missing = []
    while folder != target and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
        each.chmod(_FOLDER)
