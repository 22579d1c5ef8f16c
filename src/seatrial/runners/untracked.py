"""Finds what a container wrote outside its mounts and would take with it; knows nothing of outputs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Written = tuple[str, int]
"""A path as the container knows it, and its size."""

NOISE: dict[str, str] = {
    r"^/(tmp|var|run|dev|proc|sys)(/|$)": "scratch, caches, locks and package databases of the system",
    r"^/etc/(hosts|hostname|resolv\.conf|mtab|ld\.so\.cache|passwd-?|group-?|shadow-?|gshadow-?)$": (
        "kept by Docker or by package installers"
    ),
    r"/__pycache__(/|$)": "compiled Python",
    r"\.py[co]$": "compiled Python",
    r"/(site|dist)-packages(/|$)": "packages installed at start",
    r"^(/root|/home/[^/]+)/\.(cache|config|local|npm|conda|keras|nv)(/|$)": "caches and settings of tools",
    r"^(/root|/home/[^/]+)/\.(bash_history|python_history|wget-hsts|lesshst)$": "histories of tools",
    r"^/(usr/)?(lib|lib64|bin|sbin|share|libexec)(/|$)": "programs installed at start",
    r"^/(usr/local|opt/(conda|venv|python))/(lib(64)?|bin|sbin|share|include|etc|man|pkgs|conda-meta)(/|$)": (
        "programs installed at start"
    ),
    r"/\.(matplotlib|ipython|pytest_cache|mypy_cache|ipynb_checkpoints)(/|$)": "caches of tools",
}
_NOISE = re.compile("|".join(f"(?:{pattern})" for pattern in NOISE))
_DELETED = 2


def written_in(upper: Path, since: float) -> Iterator[Written]:
    """What lies in the folder where the storage driver keeps a container's writes and is not older.

    What is older was unpacked or copied with its time, or is a file of the image whose mode alone changed.
    Docker's own diff compares the whole image with the whole container: a quarter of a second for a small
    image, and more with every file in it. Noise is not descended into.
    """
    waiting = [str(upper)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = entry.path[len(str(upper)) :]
                if _NOISE.search(path):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):  # no link, and no mark of a deleted file
                    found = entry.stat(follow_symlinks=False)
                    if found.st_mtime >= since:
                        yield path, found.st_size


def written_by(changes: Iterable[Mapping[str, Any]]) -> Iterator[Written]:
    """What Docker's diff says was added or changed; it tells neither sizes nor folders from files."""
    paths = [str(change["Path"]) for change in changes if change["Kind"] != _DELETED]
    folders = {path[:cut] for path in paths for cut, char in enumerate(path) if char == "/" and cut}
    return ((path, -1) for path in paths if path not in folders)


def untracked_files(written: Iterable[Written], mounts: Iterable[str]) -> dict[str, int]:
    """Files outside `mounts` and without noise: path to size, -1 where nobody knows it.

    What lies above or at a mount is the mount point that Docker made.
    """
    targets = tuple(target.rstrip("/") for target in mounts)
    return {
        path: size
        for path, size in sorted(written)
        if not _NOISE.search(path) and not any(_touches(path, target) for target in targets)
    }


def _touches(path: str, target: str) -> bool:
    return path == target or path.startswith(target + "/") or target.startswith(path + "/")
