"""Writes what a user asked for as a file."""

from __future__ import annotations

from pathlib import Path

from seatrial.errors import RefusedError


def write_whole(file: Path, data: bytes) -> None:
    """Whole or not at all: somebody may be looking at the file that was there."""
    half_written = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half_written.write_bytes(data)
        half_written.replace(file)
    except OSError as problem:
        raise RefusedError(
            f"cannot write the report: {problem.strerror}",
            slug="report-not-written",
            where=str(file),
            hint="name a file in a folder where you may write",
        ) from problem
