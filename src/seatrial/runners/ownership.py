"""Whose files are these, and making them the caller's where the caller may; knows nothing of containers."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path


def has_foreign_entries(folder: Path) -> bool:
    """Whether anything beneath (or the folder itself) belongs to somebody else, or is closed to us."""
    try:
        return next(_foreign(folder), None) is not None
    except PermissionError:
        return True


def take(folder: Path) -> None:
    """Change the owner of everything foreign, links themselves and not what they point to; for root."""
    for path in list(_foreign(folder)):
        os.chown(path, os.getuid(), os.getgid(), follow_symlinks=False)


def _foreign(folder: Path) -> Iterator[str]:
    caller = os.getuid()
    if folder.lstat().st_uid != caller:
        yield str(folder)
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.stat(follow_symlinks=False).st_uid != caller:
                        yield entry.path
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError as trouble:
            if trouble.errno != errno.ENAMETOOLONG:
                raise
            # Folders nested beyond the longest path there is: nobody uses them, and `rm` removes them.
