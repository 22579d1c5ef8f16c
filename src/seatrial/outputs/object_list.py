"""The objects of one output, packed: a registry may hold a million of them. Knows no registry.

As a dict each would take over a kilobyte. Here it takes the bytes of its name, of its ETag, and 16 more;
the dicts that users know are made when somebody looks.
"""

from __future__ import annotations

import os.path
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Any, overload

from seatrial.ports.storage import S3Uri, StoredObject

_KEYS = {"bucket", "key", "relative_key", "size", "etag"}


class _Texts:
    """Texts in one string of bytes, found by where each ends."""

    __slots__ = ("_blob", "_ends")

    def __init__(self, texts: Iterable[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._ends = array("Q", accumulate(map(len, encoded)))
        self._blob = b"".join(encoded)

    def __getitem__(self, index: int) -> str:
        start = self._ends[index - 1] if index else 0
        return self._blob[start : self._ends[index]].decode("utf-8", "surrogatepass")


class ObjectList(Sequence[dict[str, Any]]):
    """Objects of one bucket as they stand in a manifest, with their names beneath `root`; never changed."""

    __slots__ = ("_etags", "_keys", "_shared", "_sizes", "bucket", "root")

    def __init__(self, objects: Sequence[StoredObject], root: str) -> None:
        self.bucket = objects[0].bucket if objects else ""
        if any(stored.bucket != self.bucket for stored in objects):
            raise ValueError("the objects of an output lie in one bucket")
        self.root = root
        # Character by character is what is wanted: the rest of each key is kept to the letter.
        self._shared = os.path.commonprefix([stored.key for stored in objects])  # noqa: RUF071 - see above
        self._keys = _Texts(stored.key[len(self._shared) :] for stored in objects)
        self._sizes = array("Q", (stored.size for stored in objects))
        self._etags = _Texts(stored.etag for stored in objects)

    @classmethod
    def packed(cls, entries: Sequence[Any], root: str) -> ObjectList | None:
        """Entries of a manifest, if nothing of what they say would be lost."""
        if isinstance(entries, cls):
            return entries
        if not all(isinstance(entry, Mapping) and set(entry) == _KEYS for entry in entries):
            return None
        try:
            found = cls([StoredObject(e["bucket"], e["key"], e["size"], e["etag"]) for e in entries], root)
            return found if found == entries else None
        except (TypeError, ValueError, OverflowError, AttributeError):
            return None

    def stored(self) -> Iterator[StoredObject]:
        """Each as the store lists it."""
        return map(self._stored, range(len(self)))

    @property
    def total_bytes(self) -> int:
        """The size of all together."""
        return sum(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        places = range(len(self))[index]
        return self._entry(places) if isinstance(places, int) else [self._entry(place) for place in places]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(mine == other[place] for place, mine in enumerate(self))

    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none

    def __repr__(self) -> str:
        return f"ObjectList({list(self)!r})"

    def _stored(self, index: int) -> StoredObject:
        key = self._shared + self._keys[index]
        return StoredObject(self.bucket, key, self._sizes[index], self._etags[index])

    def _entry(self, index: int) -> dict[str, Any]:
        stored = self._stored(index)
        return {
            "bucket": stored.bucket,
            "key": stored.key,
            "relative_key": relative_key(stored, self.root),
            "size": stored.size,
            "etag": stored.etag,
        }


def relative_key(stored: StoredObject, prefix: str) -> str:
    """The object's name within the output: its key beneath the prefix, or the file name of the key itself."""
    root = S3Uri.parse(prefix).key.rstrip("/")
    if stored.key == root:
        return PurePosixPath(root).name
    return stored.key[len(root) + 1 :] if root and stored.key.startswith(f"{root}/") else stored.key
