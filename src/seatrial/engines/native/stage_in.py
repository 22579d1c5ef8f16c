"""Brings a job's inputs into the tree that its container sees; knows no Docker.

Every file is the job's own copy (the store guarantees it), so a container may write to its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.engines.job import FailedJobError, Job, JobInput, RefusedJobError
from seatrial.engines.locations import staged
from seatrial.engines.native.prefix import KeyClashError, Placement, UnsafeKeyError, place
from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import Download, ObjectStore, S3Uri, StoredObject

# The image may run as any user, and the caller's umask may be strict.
_READABLE = 0o644


@dataclass(frozen=True)
class StagedInputs:
    """What was brought in: the receipts, and for the container path of every file its size and time."""

    receipts: tuple[InputReceipt, ...] = ()
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(item.size for receipt in self.receipts for item in receipt.objects)


def prepare_tree(tree: Path, job: Job) -> None:
    """Make every folder that exists before the start, and the configuration files."""
    for folder in (*job.mounts, *job.folders, *map(_parent, job.config_files)):
        _make_folder(tree, staged(tree, folder))
    for container_path, text in job.config_files.items():
        _write_readable(staged(tree, container_path), text)


def list_inputs(store: ObjectStore, job: Job, region: str) -> list[tuple[JobInput, list[StoredObject]]]:
    """What each input holds now; an empty one is answered as the service answers it."""
    listed = []
    for item in job.inputs:
        objects = list(store.list_objects(item.uri))
        if item.required and not objects:
            _answer_empty(job, item, region)
        listed.append((item, objects))
    return listed


def bring_in(
    store: ObjectStore, tree: Path, listed: Sequence[tuple[JobInput, list[StoredObject]]]
) -> StagedInputs:
    """Download everything at once, so that many small inputs cost no more than one large one."""
    receipts, downloads = [], list[Download]()
    for item, objects in listed:
        folder = staged(tree, item.container_path)
        for placement in _place(item, objects):
            if placement.folder:
                _make_folder(tree, folder / placement.path)
            else:
                _make_folder(tree, (folder / placement.path).parent)
                downloads.append(Download(placement.source, folder / placement.path))
        receipts.append(_receipt(item, objects))
    _refuse_shared_targets(tree, downloads)
    _download(store, downloads)
    for download in downloads:
        download.target.chmod(_READABLE)
    files = {f"/{item.target.relative_to(tree)}": _size_and_time(item.target) for item in downloads}
    return StagedInputs(tuple(receipts), files)


def _receipt(item: JobInput, objects: Sequence[StoredObject]) -> InputReceipt:
    return InputReceipt(item.name, str(item.uri), item.container_path, tuple(objects), item.required)


def _download(store: ObjectStore, downloads: Sequence[Download]) -> None:
    """An object that another step removed or replaced since it was listed is the pipeline's fault."""
    try:
        store.download(downloads)
    except StorageError as trouble:
        if isinstance(trouble, MissingObjectError) or trouble.slug == "object-changed":
            raise FailedJobError(f"ClientError: Failed to download data. {trouble.message}") from trouble
        raise


def nothing_found(uri: S3Uri, role_arn: str, region: str) -> str:
    """The service's words for a prefix without objects."""
    return (
        f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket '
        f"exists in the selected region ({region}), that objects exist under that S3 prefix, and that the "
        f'role "{role_arn}" has "s3:ListBucket" permissions on bucket "{uri.bucket}".'
    )


def _answer_empty(job: Job, item: JobInput, region: str) -> None:
    text = nothing_found(item.uri, job.role_arn, region)
    if job.empty_input == "refused":
        raise RefusedJobError(f"ValidationException: {text}")
    raise FailedJobError(f"ClientError: Failed to download data. {text}")


def _place(item: JobInput, objects: Sequence[StoredObject]) -> list[Placement]:
    try:
        return place(item.uri.key, objects)
    except KeyClashError as clash:
        raise FailedJobError(
            f"ClientError: Failed to download data. {clash}: a previously downloaded file or folder clashes "
            f"with it. Please check your s3 objects and ensure that there is no object that is both a folder "
            f"as well as a file."
        ) from clash
    except UnsafeKeyError as unsafe:
        raise FailedJobError(f"ClientError: Failed to download data. {unsafe}") from unsafe


def _refuse_shared_targets(tree: Path, downloads: Sequence[Download]) -> None:
    """Two inputs of one folder may not bring the same file, nor a file where the other has a folder."""
    seen: dict[Path, StoredObject] = {}
    for item in downloads:
        if item.target.is_dir():
            raise FailedJobError(
                f"ClientError: Failed to download data. {item.source.uri} would lie where "
                f"/{item.target.relative_to(tree)} is a folder"
            )
        if item.target in seen:
            raise FailedJobError(
                f"ClientError: Failed to download data. {seen[item.target].uri} and {item.source.uri} "
                f"would be one file"
            )
        seen[item.target] = item.source


def _size_and_time(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _write_readable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(_READABLE)


def _parent(container_path: str) -> str:
    return str(Path(container_path).parent)


def _make_folder(tree: Path, folder: Path) -> None:
    """Make it writable for whatever user the image runs as, and all that is above it in the tree."""
    missing = []
    while folder != tree and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for item in reversed(missing):
        item.mkdir()
        item.chmod(0o777)
