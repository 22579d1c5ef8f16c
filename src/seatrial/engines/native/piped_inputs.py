"""What has to be on this machine for pipes to be fed, each object once however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seatrial.engines.locations import staged
from seatrial.engines.native.listing import Listed, Record
from seatrial.engines.native.pipes import Pipe
from seatrial.engines.native.staging import Stage
from seatrial.engines.native.streams import Part, StagedObject, Stream
from seatrial.ports.storage import Download, StoredObject

_FOLDER = "pipes"


def is_piped(listed: Listed) -> bool:
    """Whether the input comes through pipes."""
    return listed.input.reading.mode == "Pipe"


def plan_pipes(stage: Stage, listed: Sequence[Listed]) -> tuple[list[Download], tuple[Pipe, ...]]:
    """What has to be there before the container starts, and the pipes that it will be sent through.

    The files are second names of the cache's own; they lie where no container sees them.
    """
    folder = stage.lower / _FOLDER
    piped = [each for each in listed if is_piped(each)]
    objects = dict.fromkeys(part for each in piped for part in _objects(each))
    files = {item: StagedObject(item.uri, folder / f"{number:06}") for number, item in enumerate(objects)}
    downloads = [Download(item, file.path) for item, file in files.items()]
    return downloads, tuple(_pipe(stage, each, files) for each in piped)


def _objects(listed: Listed) -> list[StoredObject]:
    return [part for record in listed.records for part in record if isinstance(part, StoredObject)]


def _pipe(stage: Stage, listed: Listed, files: Mapping[StoredObject, StagedObject]) -> Pipe:
    item = listed.input
    records = [_record(record, files) for record in listed.records]
    return Pipe(staged(stage.tree, item.container_path), Stream(records, item.reading))


def _record(record: Record, files: Mapping[StoredObject, StagedObject]) -> tuple[Part, ...]:
    return tuple(files[part] if isinstance(part, StoredObject) else part for part in record)
