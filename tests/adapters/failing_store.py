"""A store in memory whose line breaks, or that refuses, as often as a test says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seatrial.errors import StorageError
from seatrial.ports.storage import Download, S3Uri, StoredObject
from tests.adapters.memory_store import MemoryStore


def lost() -> StorageError:
    return StorageError("the store does not answer", slug="store-lost", hint="wait")


def denied() -> StorageError:
    return StorageError("the store refused it: AccessDenied", slug="store-access-denied", hint="ask")


class FailingStore(MemoryStore):
    """Each of `troubles` ends one call; a download before that has brought its first `before` objects."""

    def __init__(self, *troubles: StorageError, before: int = 0) -> None:
        super().__init__()
        self.troubles = list(troubles)
        self.before = before

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        self._trouble()
        return super().list_objects(prefix)

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        if self.troubles:
            super().download(downloads[: self.before])
        self._trouble()
        super().download(downloads)

    def _trouble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
