"""A function's zip file becomes the folder that its container sees; trusts nothing in it."""

from __future__ import annotations

import io
import lzma
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from seatrial.engines.job import FailedJobError

# The image may run as any user.
_FOLDER, _FILE, _EXECUTABLE = 0o755, 0o644, 0o755
# What zipfile raises at bytes of any kind: a password is a RuntimeError, a name that is no text a ValueError.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError)


def unzip(archive: bytes, target: Path) -> None:
    """Everything in the archive, below `target`, which is made."""
    target.mkdir(parents=True)
    target.chmod(_FOLDER)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for member in opened.infolist():
                _take(opened, member, target)
    except _BROKEN as broken:
        raise FailedJobError(
            f"ClientError: InvalidParameterValueException: Could not unzip uploaded file: {broken}"
        ) from broken


def _take(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    if not member.filename:
        raise zipfile.BadZipFile("a file in it has no name")
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts:
        raise zipfile.BadZipFile(f"{member.filename!r} would lie outside the function's folder")
    place = target.joinpath(*path.parts)
    for folder in reversed([place, *place.parents] if member.is_dir() else [*place.parents]):
        if folder.is_relative_to(target) and not folder.exists():
            folder.mkdir()
            folder.chmod(_FOLDER)
    if member.is_dir():
        return
    with opened.open(member) as source, place.open("wb") as file:
        shutil.copyfileobj(source, file)
    place.chmod(_EXECUTABLE if member.external_attr >> 16 & 0o100 else _FILE)
