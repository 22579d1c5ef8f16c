"""The files that a build is given, and the tag that follows from them; knows nothing of Docker."""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from seatrial.images.recipes import RECIPES, Recipe, containers_folder

TAG_LENGTH = 12


def reference_of(recipe: Recipe) -> str:
    """`seatrial/<name>:<12 hex>` of everything that goes into the image, its parents included."""
    digest = hashlib.sha256()
    for parent in recipe.parents:
        digest.update(f"parent {parent} {reference_of(RECIPES[parent])}\n".encode())
    for name, value in sorted(recipe.pins.items()):
        digest.update(f"pin {name}={value}\n".encode())
    for name, path in _files(recipe):
        content = path.read_bytes()
        digest.update(f"file {name} {_mode(path):o} {len(content)}\n".encode())
        digest.update(content)
    return f"{recipe.repository}:{digest.hexdigest()[:TAG_LENGTH]}"


def pack(recipe: Recipe, extra: Mapping[str, bytes | Path]) -> IO[bytes]:
    """The build context as a tar file, rewound; `extra` are files that no folder of ours holds."""
    # The caller closes it: the file is the result.
    packed = tempfile.TemporaryFile()  # noqa: SIM115
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, path in _files(recipe):
            _add(archive, name, path, _mode(path))
        for name, content in sorted(extra.items()):
            _add(archive, name, content, 0o755 if isinstance(content, Path) else 0o644)
    packed.seek(0)
    return packed


def _add(archive: tarfile.TarFile, name: str, content: bytes | Path, mode: int) -> None:
    """Owner and time are left at zero, so that the same content is the same context."""
    entry = tarfile.TarInfo(name)
    entry.mode = mode
    if isinstance(content, Path):
        entry.size = content.stat().st_size
        with content.open("rb") as stream:
            archive.addfile(entry, stream)
    else:
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))


def _files(recipe: Recipe) -> Iterator[tuple[str, Path]]:
    folder = containers_folder() / recipe.folder
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in relative.parts and not path.name.startswith("."):
            yield relative.as_posix(), path


def _mode(path: Path) -> int:
    """Only the executable bit matters: a checkout's umask must not change the tag."""
    return 0o755 if path.stat().st_mode & 0o100 else 0o644
