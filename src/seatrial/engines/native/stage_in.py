"""Brings a job's inputs into the tree that its container sees, or beneath it; knows no Docker.

In the tree every file is the job's own copy (the store guarantees it); beneath it lie second names of the
cache's files, and what the container changes goes to the tree (the runner guarantees that). So a container
may write to its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.engines.job import FailedJobError, Job, JobInput, RefusedJobError
from seatrial.engines.locations import staged
from seatrial.engines.native.prefix import KeyClashError, Placement, UnsafeKeyError, place
from seatrial.engines.native.staging import Stage
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
    store: ObjectStore,
    stage: Stage,
    listed: Sequence[tuple[JobInput, list[StoredObject]]],
    is_layered: Callable[[JobInput], bool],
) -> StagedInputs:
    """Download everything at once, so that many small inputs cost no more than one large one."""
    receipts, own, shared = [], list[Download](), list[Download]()
    for item, objects in listed:
        root, downloads = (stage.lower, shared) if is_layered(item) else (stage.tree, own)
        for placement in _place(item, objects):
            path = f"{item.container_path}/{placement.path}"
            if placement.folder:
                _make_folder(stage.tree, staged(stage.tree, path))
            else:
                _make_folder(root, staged(root, path).parent)
                downloads.append(Download(placement.source, staged(root, path)))
        receipts.append(_receipt(item, objects))
    incoming = {stage.lower: shared, stage.tree: own}
    _refuse_shared_targets(stage, incoming)
    for root, downloads in incoming.items():
        if downloads:
            _download(store, downloads, shared=root is stage.lower)
    for download in own:
        download.target.chmod(_READABLE)
    return StagedInputs(
        tuple(receipts),
        {
            f"/{item.target.relative_to(root)}": _size_and_time(item.target)
            for root, downloads in incoming.items()
            for item in downloads
        },
    )


def _receipt(item: JobInput, objects: Sequence[StoredObject]) -> InputReceipt:
    return InputReceipt(item.name, str(item.uri), item.container_path, tuple(objects), item.required)


def _download(store: ObjectStore, downloads: Sequence[Download], *, shared: bool) -> None:
    """An object that another step removed or replaced since it was listed is the pipeline's fault."""
    try:
        store.download(downloads, shared=shared)
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


def _refuse_shared_targets(stage: Stage, incoming: Mapping[Path, Sequence[Download]]) -> None:
    """Two inputs of one folder may not bring the same file, nor a file where the other has a folder."""
    seen: dict[Path, StoredObject] = {}
    for root, downloads in incoming.items():
        for item in downloads:
            path = item.target.relative_to(root)
            if (stage.tree / path).is_dir() or (stage.lower / path).is_dir():
                raise FailedJobError(
                    f"ClientError: Failed to download data. {item.source.uri} would lie where "
                    f"/{path} is a folder"
                )
            if path in seen:
                raise FailedJobError(
                    f"ClientError: Failed to download data. {seen[path].uri} and {item.source.uri} "
                    f"would be one file"
                )
            seen[path] = item.source


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
