"""Brings objects into a folder: again after a failure, on from where it broke off, telling how far it is.

Which store it is and which output is meant are its callers' business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

from seatrial.errors import MissingObjectError, StorageError
from seatrial.outputs.local_copies import is_whole
from seatrial.ports.storage import Download, S3Uri, StoredObject

Answer = TypeVar("Answer")

AT_ONCE = 32
"""Objects that are asked for together; each such lot is a step of the progress."""

_FINAL = frozenset(
    {"store-access-denied", "object-changed", "invalid-key", "unsafe-key", "disk-full", "local-file"}
    | {"store-clock", "store-elsewhere", "no-aws-credentials"}
)


class ReadableStore(Protocol):
    """What a downloader needs of a store; `ports.storage.ObjectStore` has it, and so has an AWS account.

    `MissingObjectError` says that something is not there, a `StorageError` with the slug
    `store-access-denied` that it may not be read, any other that it cannot be had now.
    """

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix's text, in key order."""

    def stat(self, uri: S3Uri) -> StoredObject | None:
        """The object at exactly this key, or None."""

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        """Fetch all; each target is written whole or not at all."""


@dataclass(frozen=True)
class Progress:
    """How far a download is. `kept` of the objects were there already and were not fetched again."""

    objects: int
    of_objects: int
    bytes: int
    of_bytes: int
    kept: int = 0


@dataclass(frozen=True)
class Patience:
    """How often something is asked for again; the pause before it doubles each time."""

    tries: int = 3
    pause_seconds: float = 0.5
    sleep: Callable[[float], None] = time.sleep


def fetch(
    store: ReadableStore,
    wanted: Sequence[Download],
    patience: Patience,
    heard: Callable[[Progress], None] | None = None,
) -> None:
    """Fetch what is not there yet. A file appears under its name when it is whole, never before."""
    missing = [item for item in wanted if not is_whole(item.target, item.source)]
    there = len(wanted) - len(missing)
    total = sum(item.source.size for item in wanted)
    lacking = sum(item.source.size for item in missing)
    progress = Progress(there, len(wanted), total - lacking, total, kept=there)
    _tell(heard, progress)
    for first in range(0, len(missing), AT_ONCE):
        lot = missing[first : first + AT_ONCE]
        patiently(partial(_fetch_lacking, store, lot), patience)
        progress = replace(
            progress,
            objects=progress.objects + len(lot),
            bytes=progress.bytes + sum(item.source.size for item in lot),
        )
        _tell(heard, progress)


def objects_at(store: ReadableStore, uri: S3Uri) -> Iterator[StoredObject]:
    """The object at exactly this key, else all beneath it as beneath a folder."""
    whole = store.stat(uri) if uri.key and not uri.key.endswith("/") else None
    if whole is not None:
        yield whole
        return
    beneath = S3Uri(uri.bucket, f"{uri.key.rstrip('/')}/" if uri.key else "")
    for stored in store.list_objects(beneath):
        # The console makes an empty object `folder/` for a folder that is made by hand.
        if stored.size or not stored.key.endswith("/"):
            yield stored


def is_final(trouble: StorageError) -> bool:
    """Whether to ask again would give the same answer: missing, denied, replaced, no room."""
    return isinstance(trouble, MissingObjectError) or trouble.slug in _FINAL


def relative_path(name: str, stored: StoredObject) -> PurePosixPath:
    """The object's name as a path that stays beneath a folder; anything else is refused."""
    path = PurePosixPath(name)
    # A key may hold anything; what would leave the folder is not written at all.
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise StorageError(
            f"the key {stored.key!r} does not name a file beneath a folder",
            slug="unsafe-key",
            where=stored.uri,
            hint="rename the object where it is written",
        )
    return path


def patiently(attempt: Callable[[], Answer], patience: Patience) -> Answer:
    """The answer of the first attempt that does not fail in passing."""
    for number in range(1, patience.tries):
        try:
            return attempt()
        except StorageError as trouble:
            if is_final(trouble):
                raise
            patience.sleep(patience.pause_seconds * 2 ** (number - 1))
    return attempt()


def _fetch_lacking(store: ReadableStore, lot: Sequence[Download]) -> None:
    store.download([item for item in lot if not is_whole(item.target, item.source)])


def _tell(heard: Callable[[Progress], None] | None, progress: Progress) -> None:
    if heard is not None:
        heard(progress)
