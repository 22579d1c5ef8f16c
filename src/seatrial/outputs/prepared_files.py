"""Which files of a workspace preparations wrote, so that the next one removes what it does not want any more.

Written before the first file: a preparation that broke off leaves nothing that nobody knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from seatrial.errors import RefusedError

LEDGER = ".seatrial-prepared.json"
_HALF = re.compile(r"\.seatrial-[0-9a-f]+\.part")  # of a download that was killed


def make_room(workspace: Path, folders: Iterable[Path], wanted: Iterable[Path]) -> None:
    """Leave in the folders only what is wanted; what is not of a preparation is refused, never removed."""
    ours = _read(workspace)
    named = {path.relative_to(workspace).as_posix() for path in wanted}
    there = {
        path.relative_to(workspace).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    foreign = sorted(name for name in there - named - ours if not _HALF.fullmatch(name.rpartition("/")[2]))
    if foreign:
        raise RefusedError(
            f"{foreign[0]} in the workspace is not of any output, and would be taken for test data",
            slug="foreign-file",
            where=str(workspace / foreign[0]),
            hint="move it away, or prepare into another folder",
        )
    _write(workspace, ours | named)
    for name in there - named:
        (workspace / name).unlink()
    _write(workspace, (ours - there) | named)


def _read(workspace: Path) -> set[str]:
    try:
        return set(json.loads((workspace / LEDGER).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return set()


def _write(workspace: Path, names: set[str]) -> None:
    workspace.mkdir(parents=True, exist_ok=True)
    part = workspace / f"{LEDGER}.part"
    part.write_text(json.dumps(sorted(names), indent=0) + "\n", encoding="utf-8")
    part.replace(workspace / LEDGER)
