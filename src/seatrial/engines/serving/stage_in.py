"""Brings a transform's objects and its model to this machine; knows no Docker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.job import FailedJobError, JobInput
from seatrial.engines.locations import staged
from seatrial.engines.native.listing import Listed, list_input, nothing_found
from seatrial.engines.native.prefix import KeyClashError, Placement, UnsafeKeyError, place
from seatrial.engines.native.staging import Stage
from seatrial.engines.reading import Reading
from seatrial.engines.serving.batch import Work
from seatrial.engines.serving.container import tree_of
from seatrial.engines.serving.model import MODEL, Model, ModelContainer
from seatrial.engines.serving.transform import Transform
from seatrial.engines.serving.unpacking import UnpackingError, unpack
from seatrial.errors import AccessDeniedError, MissingObjectError, StorageError
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import Download, ObjectStore, StoredObject

OUT = "out"
ENDING = ".out"


@dataclass(frozen=True)
class ModelData:
    """The archives of a model's containers, in their order; None for a container without one."""

    archives: tuple[StoredObject | None, ...]
    receipts: tuple[InputReceipt, ...]


@dataclass(frozen=True)
class Found:
    """What there is to transform."""

    objects: Sequence[Placement]
    receipt: InputReceipt


def find(store: ObjectStore, transform: Transform, *, role_arn: str, region: str) -> Found:
    """List the input; none fails the job."""
    item = JobInput("transform", transform.source, "", reading=Reading(data_type=transform.data_type))
    empty = FailedJobError(f"ClientError: {nothing_found(transform.source, role_arn, region)}")
    try:
        listed = list_input(store, item)
    except AccessDeniedError as denial:
        if denial.action == "s3:ListBucket":
            raise empty from denial
        raise
    if not listed.objects:
        raise empty
    return Found(_placed(listed), listed.receipt)


def find_model(store: ObjectStore, model: Model) -> ModelData:
    """Look for each container's archive; one that is missing fails the job."""
    archives = tuple(_find_archive(store, container) for container in model.containers)
    several = len(model.containers) > 1
    receipts = [
        InputReceipt(f"model-{container.name}" if several else "model", archive.uri, MODEL, (archive,))
        for container, archive in zip(model.containers, archives, strict=True)
        if archive is not None
    ]
    return ModelData(archives, tuple(receipts))


def bring_in(store: ObjectStore, found: Found, stage: Stage) -> list[Work]:
    """Download the objects at once."""
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
    _download(store, downloads)
    return works


def bring_in_model(store: ObjectStore, data: ModelData, stage: Stage, label: str = "") -> None:
    """Download and unpack each archive where its container, and no other, will see it."""
    archives: list[tuple[StoredObject, Path, Path]] = []
    for number, archive in enumerate(data.archives):
        folder = staged(tree_of(stage, label, number), MODEL)
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        if archive is not None:
            archives.append((archive, stage.lower / f"model-{label}-{number}.tar.gz", folder))
    _download(store, [Download(archive, here) for archive, here, _ in archives])
    for archive, here, folder in archives:
        _unpack(archive, here, folder)


def _find_archive(store: ObjectStore, container: ModelContainer) -> StoredObject | None:
    if container.data is None:
        return None
    data = store.stat(container.data) if container.data.key else None
    if data is None:
        raise FailedJobError(f"ClientError: Could not find model data at {container.data}.")
    return data


def _placed(listed: Listed) -> list[Placement]:
    """The objects by the names that their outputs have; folders hold nothing to transform."""
    try:
        return [item for item in place(listed.base, listed.objects) if not item.folder]
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
