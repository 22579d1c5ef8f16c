"""The folder in which one job is staged; it is gone at the end, whatever happened."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.native.trees import TooDeepError, reaching
from seatrial.errors import SeatrialError
from seatrial.ports.runners import Runner

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """`tree` is what the container sees part of, from `/`, and what it writes to.

    `lower` lies beneath some of it (`layers`) and is only read; `scratch` is ours alone.
    """

    tree: Path
    lower: Path
    scratch: Path


@contextmanager
def staging(folder: Path, runner: Runner) -> Iterator[Stage]:
    """An empty stage below `folder`; what a killed predecessor left there goes first."""
    root = _root(folder)
    clear_stage(folder, runner)
    stage = Stage(root / "tree", root / "lower", root / "scratch")
    for place in (stage.tree, stage.lower, stage.scratch):
        place.mkdir(parents=True)
    try:
        yield stage
    finally:
        clear_stage(folder, runner)


def take_back(tree: Path, runner: Runner) -> None:
    """Make everything the container left ours to read, whoever wrote it with whatever permissions."""
    runner.own(tree)
    waiting = [str(tree)]
    while waiting:
        # What lies too deep to be reached is told of by whoever has to read it.
        with suppress(TooDeepError), reaching(), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                _permit(entry)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _permit(entry: os.DirEntry[str]) -> None:
    mode = entry.stat(follow_symlinks=False).st_mode
    wanted = mode | (stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR)
    if wanted != mode and not stat.S_ISLNK(mode):
        Path(entry).chmod(stat.S_IMODE(wanted))


def clear_stage(folder: Path, runner: Runner) -> None:
    """Remove what was staged below `folder`, by whomever; no error if there is nothing."""
    root = _root(folder)
    if not root.exists():
        return
    try:
        take_back(root, runner)
    except (SeatrialError, OSError) as trouble:
        _log.warning("%s may not be ours to remove: %s", root, trouble)
    try:
        shutil.rmtree(root, ignore_errors=True)
    except RecursionError:  # folders nested deeper than Python calls, which `rm` does not mind
        subprocess.run(["/bin/rm", "-rf", "--", root], check=False)  # noqa: S603  # a folder of our own making
    if root.exists():
        _log.warning("%s could not be removed", root)


def _root(folder: Path) -> Path:
    return folder / "stage"
