"""Whether two files hold the same but for what names their run: archives opened, texts without names."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from seatrial.dataflow.portability.unpacking import LARGEST, Room, pieces_of
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.errors import StorageError
from seatrial.ports.storage import S3Uri, StoredObject

WHOLE = "the file"


@dataclass(frozen=True)
class Look:
    """What was seen of two files: the parts that differ; None where one cannot be read, or not whole."""

    differing: tuple[str, ...] | None

    @property
    def same(self) -> bool:
        """Whether nothing differs, as far as anything is known."""
        return self.differing == ()


def look_closer(first: Voyage, one: StoredObject, second: Voyage, other: StoredObject) -> Look:
    """Compare what is in them. Times in archives, and a run's own prefix and names in texts, do not count."""
    ours, theirs = _parts(first, one), _parts(second, other)
    if ours is None or theirs is None:
        return Look(None)
    names = dict.fromkeys((*ours, *theirs))
    return Look(tuple(name for name in names if ours.get(name) != theirs.get(name)))


def _parts(voyage: Voyage, stored: StoredObject) -> Mapping[str, str] | None:
    """Name in the archive to a digest of what is there."""
    if voyage.flow.read is None or stored.size > LARGEST:
        return None
    room = Room()
    try:
        data = voyage.flow.read(S3Uri(stored.bucket, stored.key))
    except StorageError:
        return None
    found = {
        voyage.unnamed(", ".join(piece.path)) or WHOLE: _digest(voyage, piece.data)
        for piece in pieces_of(data, room)
    }
    return None if room.cut else found


def _digest(voyage: Voyage, data: bytes) -> str:
    with contextlib.suppress(UnicodeDecodeError):  # no text: bytes are bytes
        data = voyage.unnamed(data.decode()).encode()
    return hashlib.sha256(data).hexdigest()
