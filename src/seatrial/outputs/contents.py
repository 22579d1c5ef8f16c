"""Looks into objects where ETags and receipts do not tell whether two of them hold the same."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.archives import read_members
from seatrial.ports.jobs import ArchiveMember
from seatrial.ports.storage import Download, ObjectStore, StoredObject

_BLOCK = 1024 * 1024
_LONGEST_TEXT = 1024 * 1024


class Contents(Protocol):
    """What is in an object as it was written; None where that cannot be known any more."""

    def digest(self, stored: StoredObject) -> str | None:
        """The SHA-256 of the whole object, in hex."""

    def members(self, stored: StoredObject) -> tuple[ArchiveMember, ...] | None:
        """The files and links in an archive."""

    def text(self, stored: StoredObject) -> str | None:
        """The object as text; None as well where it is none, or too large to be read by people."""


class UnknownContents:
    """Where there is no store to look into."""

    def digest(self, stored: StoredObject) -> str | None:
        """Not known."""
        return None

    def members(self, stored: StoredObject) -> tuple[ArchiveMember, ...] | None:
        """Not known."""
        return None

    def text(self, stored: StoredObject) -> str | None:
        """Not known."""
        return None


class StoredContents:
    """Looks into a store, which is asked for when it is first needed; None stands for one that is away.

    What was replaced or removed since it was written is not known any more.
    """

    def __init__(self, store: Callable[[], ObjectStore | None]) -> None:
        self._store = store

    def digest(self, stored: StoredObject) -> str | None:
        """The SHA-256 of the whole object, in hex."""
        with self._fetched(stored) as file:
            return _sha256(file) if file else None

    def members(self, stored: StoredObject) -> tuple[ArchiveMember, ...] | None:
        """The files and links in an archive, hashed as they pass: nothing is unpacked."""
        with self._fetched(stored) as file:
            if file is None:
                return None
            try:
                return tuple(read_members(file))
            except (tarfile.TarError, zlib.error, OSError, EOFError):
                return None  # no archive, whatever its name says

    def text(self, stored: StoredObject) -> str | None:
        """The object as text, if it is one and small."""
        if stored.size > _LONGEST_TEXT:
            return None
        with self._fetched(stored) as file:
            try:
                return file.read().decode() if file else None
            except UnicodeDecodeError:
                return None

    @contextmanager
    def _fetched(self, stored: StoredObject) -> Iterator[BinaryIO | None]:
        with tempfile.TemporaryDirectory(prefix="seatrial-compare-") as folder:
            target = Path(folder) / "object"
            if not self._fetch(stored, target):
                yield None
                return
            with target.open("rb") as file:
                yield file

    def _fetch(self, stored: StoredObject, target: Path) -> bool:
        try:
            store = self._store()
            if store is not None:
                store.download([Download(stored, target)])
        except EnvironmentUnfitError:
            return False  # the object is gone, or the store, or Docker: in any case it cannot be looked into
        return store is not None


def _sha256(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
