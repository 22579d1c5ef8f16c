"""The folder in which one job is staged; it is gone at the end, whatever happened."""

from __future__ import annotations

import logging
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import SeatrialError
from seatrial.ports.runners import Runner

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """`tree` is what the container sees part of, from `/`; `scratch` is ours alone."""

    tree: Path
    scratch: Path


@contextmanager
def staging(folder: Path, runner: Runner) -> Iterator[Stage]:
    """An empty stage below `folder`; what a killed predecessor left there goes first."""
    root = folder / "stage"
    _remove(root, runner)
    stage = Stage(root / "tree", root / "scratch")
    stage.tree.mkdir(parents=True)
    stage.scratch.mkdir()
    try:
        yield stage
    finally:
        _remove(root, runner)


def take_back(tree: Path, runner: Runner) -> None:
    """Make everything the container left ours to read, whoever wrote it with whatever permissions."""
    runner.own(tree)
    for folder, subfolders, names in os.walk(tree):
        for name in (*subfolders, *names):
            _permit(Path(folder, name))


def _permit(path: Path) -> None:
    mode = path.lstat().st_mode
    wanted = mode | (stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR)
    if wanted != mode and not stat.S_ISLNK(mode):
        path.chmod(stat.S_IMODE(wanted))


def _remove(root: Path, runner: Runner) -> None:
    if not root.exists():
        return
    try:
        take_back(root, runner)
    except (SeatrialError, OSError) as trouble:
        _log.warning("%s may not be ours to remove: %s", root, trouble)
    shutil.rmtree(root, ignore_errors=True)
    if root.exists():
        _log.warning("%s could not be removed", root)
