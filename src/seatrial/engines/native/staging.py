"""The folder in which one job is staged; it is gone at the end, whatever happened."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.native.trees import TooDeepError, reaching
from seatrial.errors import SeatrialError
from seatrial.ports.runners import Runner
from seatrial.runners.laying import unmount_beneath
from seatrial.runners.trees import remove_tree
from seatrial.runners.ways import remove_work

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """`tree` is what the container sees part of, from `/`, and what it writes to.

    `lower` lies beneath some of it (`layers`) and is only read, `work` is the runner's for that; `scratch`
    is ours alone.
    """

    tree: Path
    lower: Path
    work: Path
    scratch: Path

    def beside(self, host: str) -> Stage:
        """The empty stage of another host of the same job."""
        return _made(self.tree.parent / _PEERS / host)


_PEERS = "peers"
# What no container can have written to: the cache's own files, and the runner's folders.
_NOT_THE_CONTAINERS = frozenset({"lower", "work", _PEERS})


@contextmanager
def staging(folder: Path, runner: Runner) -> Iterator[Stage]:
    """An empty stage below `folder`; what a killed predecessor left there goes first."""
    root = _root(folder)
    clear_stage(folder, runner)
    try:
        yield _made(root)
    finally:
        clear_stage(folder, runner)


def _made(root: Path) -> Stage:
    stage = Stage(root / "tree", root / "lower", root / "work", root / "scratch")
    for place in (stage.tree, stage.lower, stage.work, stage.scratch):
        place.mkdir(parents=True)
    return stage


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
    unmount_beneath(root)
    try:
        for place in (root, *_folders(root / _PEERS)):
            _free(place, runner)
    except (SeatrialError, OSError) as trouble:
        _log.warning("%s may not be ours to remove: %s", root, trouble)
    remove_tree(root)
    if root.exists():
        _log.warning("%s could not be removed", root)


def _free(place: Path, runner: Runner) -> None:
    """Let one host's stage be removed."""
    for folder in _folders(place / "work"):
        remove_work(folder)
    for folder in _folders(place):
        if folder.name not in _NOT_THE_CONTAINERS:
            take_back(folder, runner)


def _folders(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.is_dir()] if place.is_dir() else []


def _root(folder: Path) -> Path:
    return folder / "stage"
