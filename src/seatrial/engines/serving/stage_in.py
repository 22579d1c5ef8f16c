"""Brings a transform's objects and its model to this machine; knows no Docker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.job import FailedJobError
from seatrial.engines.locations import staged
from seatrial.engines.native.prefix import KeyClashError, Placement, UnsafeKeyError, place
from seatrial.engines.native.stage_in import nothing_found
from seatrial.engines.native.staging import Stage
from seatrial.engines.serving.batch import Work
from seatrial.engines.serving.model import MODEL, Model
from seatrial.engines.serving.transform import Transform
from seatrial.engines.serving.unpacking import UnpackingError, unpack
from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import Download, ObjectStore, S3Uri, StoredObject

OUT = "out"
ENDING = ".out"


@dataclass(frozen=True)
class Found:
    """What there is to transform, and what with."""

    objects: Sequence[Placement]
    model_data: StoredObject | None
    receipts: tuple[InputReceipt, ...]


def find(store: ObjectStore, transform: Transform, model: Model, *, role_arn: str, region: str) -> Found:
    """List the input, look for the model; either missing fails the job."""
    objects = list(store.list_objects(transform.source))
    if not objects:
        raise FailedJobError(f"ClientError: {nothing_found(transform.source, role_arn, region)}")
    data = _find_model(store, model)
    receipts = [InputReceipt("transform", str(transform.source), "", tuple(objects))]
    if data is not None:
        receipts.append(InputReceipt("model", data.uri, MODEL, (data,)))
    return Found(_placed(transform.source, objects), data, tuple(receipts))


def bring_in(store: ObjectStore, found: Found, stage: Stage) -> list[Work]:
    """Download everything at once, and unpack the model where its container will see it."""
    folder = staged(stage.tree, MODEL)
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    archive = stage.lower / "model.tar.gz"
    works = [
        Work(
            place=f"{item.source.bucket}/{item.source.key}",
            source=stage.lower / "objects" / f"{number:06}",
            target=stage.scratch / OUT / f"{item.path}{ENDING}",
        )
        for number, item in enumerate(found.objects)
    ]
    (stage.lower / "objects").mkdir()
    downloads = [Download(item.source, work.source) for item, work in zip(found.objects, works, strict=True)]
    if found.model_data is not None:
        downloads.append(Download(found.model_data, archive))
    _download(store, downloads)
    if found.model_data is not None:
        _unpack(found.model_data, archive, folder)
    return works


def _find_model(store: ObjectStore, model: Model) -> StoredObject | None:
    if model.data is None:
        return None
    data = store.stat(model.data) if model.data.key else None
    if data is None:
        raise FailedJobError(f"ClientError: Could not find model data at {model.data}.")
    return data


def _placed(prefix: S3Uri, objects: Sequence[StoredObject]) -> list[Placement]:
    """The objects by the names that their outputs have; folders hold nothing to transform."""
    try:
        return [item for item in place(prefix.key, objects) if not item.folder]
    except (KeyClashError, UnsafeKeyError) as unfit:
        raise FailedJobError(f"ClientError: Failed to download data. {unfit}") from unfit


def _download(store: ObjectStore, downloads: Sequence[Download]) -> None:
    try:
        store.download(downloads, shared=True)
    except StorageError as trouble:
        if isinstance(trouble, MissingObjectError) or trouble.slug == "object-changed":
            raise FailedJobError(f"ClientError: Failed to download data. {trouble.message}") from trouble
        raise


def _unpack(data: StoredObject, archive: Path, folder: Path) -> None:
    try:
        unpack(archive, folder)
    except UnpackingError as broken:
        raise FailedJobError(
            f"ClientError: Failed to extract model data archive {data.uri}: {broken}"
        ) from broken
