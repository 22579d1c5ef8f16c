"""Whether the store still holds an output as a job wrote it; what to do about it is others' business."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject


@dataclass(frozen=True)
class LostObject:
    """One object that is not as it was written: `replaced` by another, or gone."""

    uri: str
    replaced: bool

    @property
    def how(self) -> str:
        """What became of it."""
        return "overwritten since" if self.replaced else "no longer in the store"


def lost_objects(
    receipt: OutputReceipt, list_objects: Callable[[S3Uri], Iterable[StoredObject]]
) -> Iterator[LostObject]:
    """The objects of the output that have left the store, or whose content is another one."""
    if not receipt.objects:
        return
    there = {(each.bucket, each.key): each for each in list_objects(S3Uri.parse(receipt.s3_uri))}
    for written in receipt.objects:
        found = there.get((written.bucket, written.key))
        if found is None or (found.etag, found.size) != (written.etag, written.size):
            yield LostObject(written.uri, replaced=found is not None)
