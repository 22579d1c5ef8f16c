"""Walks a folder that a container wrote; follows no symbolic link and opens nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A regular file or a folder, and its name relative to the folder that was walked."""

    path: Path
    name: str
    is_file: bool
    size: int = 0


def walk(tree: Path, folder: Path) -> Iterator[Entry]:
    """Every regular file and folder beneath `folder`, sorted by name; links, sockets, pipes are left out.

    Nothing is found where the way from `tree` to the folder leads over a link.
    """
    if folder.is_dir() and not is_reached_by_link(tree, folder):
        yield from _walk(folder, "")


def files(tree: Path, folder: Path) -> Iterator[Entry]:
    """Every regular file beneath, sorted by name."""
    return (entry for entry in walk(tree, folder) if entry.is_file)


def _walk(folder: Path, prefix: str) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        children = sorted(found, key=lambda child: child.name)
    for child in children:
        name = prefix + child.name
        if child.is_dir(follow_symlinks=False):
            yield Entry(Path(child.path), name, is_file=False)
            yield from _walk(Path(child.path), name + "/")
        elif child.is_file(follow_symlinks=False):
            size = child.stat(follow_symlinks=False).st_size
            yield Entry(Path(child.path), name, is_file=True, size=size)


def is_reached_by_link(tree: Path, path: Path) -> bool:
    """Whether a component below `tree` is a symbolic link.

    A container may have pointed it at anything, and here it would lead to this machine's own files.
    """
    below = path.relative_to(tree)
    return any((tree / parent).is_symlink() for parent in (below, *below.parents))


def read_head(tree: Path, path: Path, limit: int) -> bytes | None:
    """The first bytes of a regular file that the container wrote; None for anything else."""
    if is_reached_by_link(tree, path) or not path.is_file():
        return None
    with path.open("rb") as source:
        return source.read(limit)
