"""Puts local files where a step's outputs are to lie, with receipts as of a job that had written them."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from seatrial.definition import PropertyPath
from seatrial.engines.job import FailedJobError
from seatrial.engines.native.archives import write_archive
from seatrial.engines.native.trees import Entry, walk
from seatrial.engines.substitutes.places import Place, is_at, places_of
from seatrial.errors import RefusedError
from seatrial.ports.jobs import ArchiveMember, JobRequest, OutputReceipt
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Upload
from seatrial.ports.substitutes import Substitute
from seatrial.storage.seeds import Seed
from seatrial.storage.sowing import uploads_of

_PACKED = (".tar.gz", ".tgz")


@dataclass(frozen=True)
class _Given:
    """One output with the files that become its objects."""

    place: Place
    uploads: Sequence[Upload]
    members: tuple[ArchiveMember, ...] = ()


def give(
    store: ObjectStore, request: JobRequest, substitute: Substitute, scratch: Path
) -> tuple[OutputReceipt, ...]:
    """Upload all that is given; a receipt for each declared output, and for each object beside them."""
    try:
        given = [_output(place, substitute, scratch) for place in places_of(request)]
        given += [_object(uri, path, substitute.properties) for uri, path in substitute.objects.items()]
    except (OSError, RefusedError) as gone:
        raise FailedJobError(f"ClientError: Failed to read the substitute's data. {gone}") from gone
    uploads = [upload for each in given for upload in each.uploads]
    stored = dict(zip((upload.target for upload in uploads), store.upload(uploads), strict=True))
    return tuple(_receipt(store, each, stored) for each in given)


def _output(place: Place, substitute: Substitute, folder: Path) -> _Given:
    source = substitute.outputs.get(place.name)
    if source is None:
        return _Given(place, ())
    path = _there(source)
    if not place.archive:
        return _Given(place, list(uploads_of(Seed(S3Uri(place.uri.bucket, _folder(place)), path, source))))
    if path.name.endswith(_PACKED):
        return _Given(place, [Upload(path, place.uri)], tuple(_listed(path)))
    packed = folder / f"{place.name}.tar.gz"
    return _Given(place, [Upload(packed, place.uri)], write_archive(_entries(path), packed))


def _there(source: str) -> Path:
    path = Path(source)
    if not path.exists():
        raise FailedJobError(f"ClientError: Failed to read the substitute's data. There is no {source}")
    return path


def _folder(place: Place) -> str:
    """A file given alone keeps its name beneath the output's prefix."""
    return f"{place.uri.key.rstrip('/')}/" if place.uri.key else ""


def _object(uri: str, path: str, properties: Mapping[str, Any]) -> _Given:
    target = S3Uri.parse(uri)
    found = property_path_of(uri, properties)
    name = target.key.rstrip("/").rpartition("/")[2] or target.bucket
    place = Place(name, target, found or f"objects['{uri}']")
    return _Given(place, list(uploads_of(Seed(target, _there(path), path))))


def property_path_of(uri: str, properties: Mapping[str, Any]) -> str | None:
    """The property that names this place, or something beneath it."""
    paths = (PropertyPath(trail) for trail, text in leaves(properties) if is_at(text, uri))
    return next(map(str, paths), None)


def leaves(value: Any, trail: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text within the value, with the way there."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from leaves(member, (*trail, str(name)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from leaves(item, (*trail, index))
    elif isinstance(value, str):
        yield trail, value


def _entries(path: Path) -> list[Entry]:
    if path.is_dir():
        return list(walk(path, path))
    return [Entry(path, path.name, True, path.stat().st_size)]


def _listed(archive: Path) -> Iterator[ArchiveMember]:
    try:
        with tarfile.open(archive, "r:gz") as opened:
            for member in opened:
                content = opened.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield ArchiveMember(member.name, member.size, _digest(content))
    except (tarfile.TarError, zlib.error, EOFError, OSError) as broken:
        raise FailedJobError(f"ClientError: {archive} is not a gzipped tar archive: {broken}") from broken


def _digest(content: Any) -> str:
    digest = sha256()
    while chunk := content.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _receipt(store: ObjectStore, given: _Given, stored: Mapping[S3Uri, StoredObject]) -> OutputReceipt:
    objects = tuple(stored[upload.target] for upload in given.uploads)
    receipt = given.place.receipt(objects, members=given.members)
    return replace(receipt, existing=existing(store, given.place, objects))


def existing(store: ObjectStore, place: Place, objects: Sequence[StoredObject]) -> tuple[StoredObject, ...]:
    """What lies at the output's place and was not put there now."""
    ours = {item.key for item in objects}
    prefix = place.uri if place.archive or not place.uri.key.strip("/") else place.uri.child("")
    return tuple(item for item in store.list_objects(prefix) if item.key not in ours)
