"""Which objects a seed becomes; reads folders and moves nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from seatrial.errors import RefusedError
from seatrial.ports.storage import Upload
from seatrial.storage.keys import check_bucket, check_keys
from seatrial.storage.seeds import Seed


def uploads_of(seed: Seed) -> Iterator[Upload]:
    """A folder's files beneath the prefix; a file as the object itself, or by its name beneath `prefix/`."""
    if seed.path.is_dir():
        for relative, file in files_of(seed.path):
            yield Upload(file, seed.uri.child(relative))
    elif seed.uri.key.endswith("/") or not seed.uri.key:
        yield Upload(seed.path, seed.uri.child(seed.path.name))
    else:
        yield Upload(seed.path, seed.uri)


def check_seed(seed: Seed) -> None:
    """Refuse what the store would: a bucket or a key that cannot be, a folder without a file."""
    check_bucket(seed.uri.bucket)
    check_keys(upload.target for upload in uploads_of(seed))


def covers(seed: Seed, wanted: str) -> bool:
    """Whether it brings an object that a reader of `wanted` finds: every key that begins so counts.

    No slash is implied: who reads `s3://b/raw` reads `s3://b/raw-too/a.csv` as well, here as on S3.
    """
    if not _may_cover(seed, wanted):
        return False  # without a look at the folder, which may hold much
    return any(str(upload.target).startswith(wanted) for upload in uploads_of(seed))


def files_of(path: Path) -> Iterator[tuple[str, Path]]:
    """Every file under the folder with its name relative to it, sorted; a file alone by its own name."""
    if not path.is_dir():
        yield path.name, path
        return
    found = sorted((file.relative_to(path).as_posix(), file) for file in _walk(path, frozenset()))
    if not found:
        raise RefusedError(
            f"there is no file in {path}",
            slug="empty-seed",
            where=str(path),
            hint="put the data there, or name another folder",
        )
    yield from found


def _may_cover(seed: Seed, wanted: str) -> bool:
    """Whether the one begins with the other, so that only the names of the files can tell."""
    place = str(seed.uri).rstrip("/")
    return f"{place}/".startswith(wanted) or wanted.startswith(place)


def _walk(folder: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Every file below, through links too; a link to a folder that we are in already ends there."""
    real = folder.resolve()
    if real in above:
        return
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _walk(Path(entry.path), above | {real})
        else:
            yield Path(entry.path)
