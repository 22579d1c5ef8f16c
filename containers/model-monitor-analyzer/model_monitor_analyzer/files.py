"""The files of a data set, and the lines of one; knows no format."""

from __future__ import annotations

from pathlib import Path


def data_files(folder: Path) -> list[Path]:
    """All below the folder that hold data: as for Spark, `_SUCCESS` and what is hidden hold none."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    named = sorted(path for path in found if not any(part.startswith((".", "_")) for part in path.parts))
    return [folder / path for path in named if (folder / path).stat().st_size]


def data_lines(path: Path) -> list[str]:
    """Those that are not blank; only a line feed ends one, for JSON may hold the other separators."""
    return [line for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
