"""Gives the outcome of a recorded job again, its objects copied to where this execution declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from seatrial.engines.job import FailedJobError
from seatrial.engines.substitutes.giving import existing
from seatrial.engines.substitutes.places import Place, is_at, places_of
from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.jobs import JobRequest, JobResult, OutputReceipt
from seatrial.ports.storage import Download, ObjectStore, S3Uri, StoredObject, Upload


def replay(
    store: ObjectStore, request: JobRequest, recorded: JobResult, scratch: Path
) -> tuple[OutputReceipt, ...]:
    """A receipt for each output: copied where the request declares it, else where it was."""
    places = {place.name: place for place in places_of(request)}
    before = {receipt.name: receipt for receipt in recorded.outputs}
    copied = [_again(store, place, before.get(name), scratch) for name, place in places.items()]
    kept = [replace(receipt, existing=()) for name, receipt in before.items() if name not in places]
    return (*copied, *kept)


def moved(recorded: JobResult, outputs: tuple[OutputReceipt, ...]) -> dict[str, Any]:
    """The recorded properties, with every URI of a copied output led to the copy.

    Of outputs that lie in each other, the innermost leads the way.
    """
    before = {receipt.name: receipt.s3_uri for receipt in recorded.outputs}
    ways = {before[each.name]: each.s3_uri for each in outputs if each.name in before}
    return dict(_led(recorded.describe, dict(sorted(ways.items(), key=_by_length, reverse=True))))


def _by_length(way: tuple[str, str]) -> int:
    return len(way[0])


def _led(value: Any, ways: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _led(member, ways) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_led(item, ways) for item in value]
    if not isinstance(value, str):
        return value
    return next((new + value[len(old) :] for old, new in ways.items() if is_at(value, old)), value)


def _again(store: ObjectStore, place: Place, before: OutputReceipt | None, folder: Path) -> OutputReceipt:
    if before is None:
        return place.receipt()
    if before.s3_uri == str(place.uri):
        _refuse_others(before.objects, store.list_objects(place.uri))
        return place.receipt(before.objects, members=before.members)
    targets = [_target(each, before, place) for each in before.objects]
    objects = tuple(_copy(store, before.objects, targets, Path(mkdtemp(dir=folder))))
    return place.receipt(objects, members=before.members, existing=existing(store, place, objects))


def _refuse_others(objects: Iterable[StoredObject], there: Iterable[StoredObject]) -> None:
    """What stays where it is must be what the job had written: others may have written there since."""
    contents = {(item.key, item.etag, item.size) for item in there}
    lost = next((item for item in objects if (item.key, item.etag, item.size) not in contents), None)
    if lost is not None:
        raise FailedJobError(f"ClientError: Failed to replay. {lost.uri} is not as it was written")


def _target(item: StoredObject, before: OutputReceipt, place: Place) -> S3Uri:
    if place.archive:
        return place.uri
    root = S3Uri.parse(before.s3_uri).key.rstrip("/")
    below = item.key[len(root) :].lstrip("/") if item.key.startswith(f"{root}/") or not root else item.key
    return place.uri.child(below)


def _copy(
    store: ObjectStore, objects: tuple[StoredObject, ...], targets: list[S3Uri], folder: Path
) -> list[StoredObject]:
    if not objects:
        return []
    files = [folder / str(index) for index, _ in enumerate(objects)]
    try:
        store.download([Download(*pair) for pair in zip(objects, files, strict=True)])
    except StorageError as trouble:
        if isinstance(trouble, MissingObjectError) or trouble.slug == "object-changed":
            raise FailedJobError(f"ClientError: Failed to replay. {trouble.message}") from trouble
        raise
    return store.upload([Upload(*pair) for pair in zip(files, targets, strict=True)], given_up=True)
