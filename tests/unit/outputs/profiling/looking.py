"""Writes a file as a step would have, and looks into it."""

from __future__ import annotations

import gzip
from pathlib import Path

from seatrial.outputs.profiling import profile_file
from seatrial.ports.contents import Column, FileProfile

ENOUGH = 1_000_000


def look(
    folder: Path, name: str, content: str | bytes, *, most: int = ENOUGH, header: bool | None = None
) -> FileProfile:
    """The profile of a file with this content."""
    found = maybe(folder, name, content, most=most, header=header)
    assert found is not None
    return found


def maybe(
    folder: Path, name: str, content: str | bytes, *, most: int = ENOUGH, header: bool | None = None
) -> FileProfile | None:
    """The profile, or None where the file is no table."""
    file = folder / "looked-into"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return profile_file(file, name, most, header)


def packed(text: str) -> bytes:
    """What gzip makes of it."""
    return gzip.compress(text.encode())


def types(found: FileProfile) -> dict[str, str]:
    """Column to type."""
    return {column.name: column.type for column in found.columns}


def column(found: FileProfile, name: str) -> Column:
    """The column of that name."""
    return next(each for each in found.columns if each.name == name)
