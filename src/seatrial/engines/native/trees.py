"""Walks a folder that a container wrote; follows no symbolic link and opens nothing."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class TooDeepError(Exception):
    """Folders inside each other beyond the longest path there can be, as a copy into itself leaves them."""


@dataclass(frozen=True)
class Entry:
    """A regular file or a folder, its name relative to the folder that was walked, when it was modified."""

    path: Path
    name: str
    is_file: bool
    size: int = 0
    modified_ns: int = 0


def walk(tree: Path, folder: Path) -> Iterator[Entry]:
    """Every regular file and folder beneath `folder`, sorted by name; links, sockets, pipes are left out.

    Nothing is found where the way from `tree` to the folder leads over a link.
    """
    if folder.is_dir() and not is_reached_by_link(tree, folder):
        with reaching():
            yield from _walk(folder)


def files(tree: Path, folder: Path) -> Iterator[Entry]:
    """Every regular file beneath, sorted by name."""
    return (entry for entry in walk(tree, folder) if entry.is_file)


def _walk(root: Path) -> Iterator[Entry]:
    """Depth first, without recursion: a container may nest folders deeper than Python calls."""
    waiting = [(_children(root), "")]
    while waiting:
        children, prefix = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
        elif child.is_dir(follow_symlinks=False):
            name = prefix + child.name
            yield Entry(Path(child.path), name, is_file=False)
            waiting.append((_children(child.path), name + "/"))
        elif child.is_file(follow_symlinks=False):
            found = child.stat(follow_symlinks=False)
            name = prefix + child.name
            yield Entry(Path(child.path), name, True, found.st_size, found.st_mtime_ns)


def _children(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return iter(sorted(found, key=lambda child: child.name))


@contextmanager
def reaching() -> Iterator[None]:
    """Raise `TooDeepError` where a path would be longer than any can be."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno != errno.ENAMETOOLONG:
            raise
        raise TooDeepError(
            f"folders lie deeper than any path reaches: {str(trouble.filename)[-200:]}"
        ) from trouble


def spelt_out(name: str) -> str:
    """A name of any bytes as text that every document can hold: what is no UTF-8 becomes `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def is_reached_by_link(tree: Path, path: Path) -> bool:
    """Whether a component below `tree` is a symbolic link.

    A container may have pointed it at anything, and here it would lead to this machine's own files.
    """
    below = path.relative_to(tree)
    return any((tree / parent).is_symlink() for parent in (below, *below.parents))


def is_gone(tree: Path, folder: Path, name: str) -> bool:
    """Whether a folder that is there has nothing of this name any more.

    Of a folder that is away or lies behind a link nobody knows. A link in a file's place is not nothing, a
    folder in its place leaves no room for it.
    """
    path = folder / name
    if not folder.is_dir() or is_reached_by_link(tree, path.parent):
        return False
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True


def read_head(tree: Path, path: Path, limit: int) -> bytes | None:
    """The first bytes of a regular file that the container wrote; None for anything else."""
    if is_reached_by_link(tree, path) or not path.is_file():
        return None
    with path.open("rb") as source:
        return source.read(limit)
