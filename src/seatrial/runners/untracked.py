"""Finds what a container wrote outside its mounts and would take with it; knows nothing of outputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

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
    r"^/(usr/local|opt/conda|opt/venv)/(lib|lib64|bin|sbin|share|include|etc|man|pkgs|conda-meta)(/|$)": (
        "programs installed at start"
    ),
    r"/\.(matplotlib|ipython|pytest_cache|mypy_cache|ipynb_checkpoints)(/|$)": "caches of tools",
}
_NOISE = re.compile("|".join(f"(?:{pattern})" for pattern in NOISE))
_DELETED = 2


def untracked_files(
    changes: Iterable[Mapping[str, Any]], mounts: Iterable[str], upper: Path | None
) -> dict[str, int]:
    """Added and changed files outside `mounts`, without noise: path to size, -1 where nobody knows it.

    `changes` is Docker's diff; `upper` the folder where its storage driver keeps what the container wrote,
    where we can read it.
    """
    written = [str(change["Path"]) for change in changes if change["Kind"] != _DELETED]
    folders = _parents([*written, *(target.rstrip("/") for target in mounts)])
    own = tuple(target.rstrip("/") for target in mounts)
    sizes = (
        (path, _size(path, upper))
        for path in sorted(written)
        if path not in folders and not _covered(path, own) and not _NOISE.search(path)
    )
    return {path: size for path, size in sizes if size is not None}


def _parents(paths: Iterable[str]) -> set[str]:
    """Every folder above one of the paths: Docker lists those as changed too."""
    return {path[:cut] for path in paths for cut, char in enumerate(path) if char == "/" and cut}


def _covered(path: str, mounts: tuple[str, ...]) -> bool:
    return any(path == mount or path.startswith(mount + "/") for mount in mounts)


def _size(path: str, upper: Path | None) -> int | None:
    """Bytes of a file; None if it is known to be none (an empty folder, a link), -1 if nobody knows."""
    if upper is None:
        return -1
    try:
        status = (upper / path.lstrip("/")).lstat()
    except OSError:
        return -1
    return status.st_size if S_ISREG(status.st_mode) else None
