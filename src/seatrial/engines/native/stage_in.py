"""Brings a job's inputs into the tree that its container sees, or beneath it; knows no Docker.

In the tree every file is the job's own copy (the store guarantees it); beneath it lie second names of the
cache's files, and what the container changes goes to the tree (the runner guarantees that). So a container
may write to its inputs.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.engines.job import FailedJobError, Job, JobInput
from seatrial.engines.locations import staged
from seatrial.engines.native.layers import is_read_only
from seatrial.engines.native.listing import Listed
from seatrial.engines.native.piped_inputs import is_piped, plan_pipes
from seatrial.engines.native.pipes import Pipe
from seatrial.engines.native.prefix import KeyClashError, Placement, UnsafeKeyError, place
from seatrial.engines.native.staging import Stage
from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import Download, ObjectStore, StoredObject

# The image may run as any user, and the caller's umask may be strict.
_READABLE = 0o644


@dataclass(frozen=True)
class StagedInputs:
    """What was brought in: receipts, the container path of every file with its size and time, pipes.

    `files_of` are the same paths by the name of the input that they are of.
    """

    receipts: tuple[InputReceipt, ...] = ()
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    files_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pipes: tuple[Pipe, ...] = ()

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(item.size for receipt in self.receipts for item in receipt.objects)


def prepare_tree(tree: Path, job: Job, files: Mapping[str, str]) -> None:
    """Make every folder that exists before the start, and the configuration files by container path."""
    for folder in (*job.mounts, *job.folders, *map(_parent, files)):
        _make_folder(tree, staged(tree, folder))
    for container_path, text in files.items():
        _write_readable(staged(tree, container_path), text)


def bring_in(
    store: ObjectStore,
    stage: Stage,
    listed: Sequence[Listed],
    is_layered: Callable[[JobInput], bool],
) -> StagedInputs:
    """Download everything at once, so that many small inputs cost no more than one large one."""
    incoming = list[_Incoming]()
    files_of = defaultdict[str, list[str]](list)
    for each in listed:
        if not is_piped(each):
            found = list(_incoming(stage, each, shared=is_layered(each.input)))
            files_of[each.input.name] += (item.path for item in found)
            incoming += found
    _refuse_shared_targets(stage, incoming)
    to_send, pipes = plan_pipes(stage, listed)
    for shared in (True, False):
        downloads = [item.download for item in incoming if item.shared is shared]
        if downloads := [*downloads, *to_send] if shared else downloads:
            _download(store, downloads, shared=shared)
    for item in incoming:
        if not item.shared:
            item.download.target.chmod(_READABLE)
    files = {item.path: _size_and_time(item.download.target) for item in incoming}
    return StagedInputs(tuple(each.receipt for each in listed), files, files_of, pipes)


@dataclass(frozen=True)
class _Incoming:
    """One object on its way to `path` in the container; a `shared` one lies beneath the tree."""

    path: str
    download: Download
    shared: bool


def _incoming(stage: Stage, listed: Listed, *, shared: bool) -> Iterator[_Incoming]:
    """Make the folders of one input, and say which file goes where."""
    item, root = listed.input, stage.lower if shared else stage.tree
    folder = str(staged(root, item.container_path))
    folders = stage.tree
    if is_read_only(item):
        folders = root  # which is mounted in its place, also where this host's share is nothing
        _make_folder(root, staged(root, item.container_path))
    made = set[str]()
    for placement in _place(listed):
        above = placement.path if placement.folder else placement.path.rpartition("/")[0]
        place = folders if placement.folder else root
        if (key := f"{place}/{above}") not in made:
            made.add(key)
            _make_folder(place, staged(place, f"{item.container_path}/{above}"))
        if not placement.folder:
            target = Path(f"{folder}/{placement.path}")
            path = f"{item.container_path}/{placement.path}"
            yield _Incoming(path, Download(placement.source, target), shared)


def _download(store: ObjectStore, downloads: Sequence[Download], *, shared: bool) -> None:
    """An object that another step removed or replaced since it was listed is the pipeline's fault."""
    try:
        store.download(downloads, shared=shared)
    except StorageError as trouble:
        if isinstance(trouble, MissingObjectError) or trouble.slug == "object-changed":
            raise FailedJobError(f"ClientError: Failed to download data. {trouble.message}") from trouble
        raise


def _place(listed: Listed) -> list[Placement]:
    try:
        return place(listed.base, listed.objects)
    except KeyClashError as clash:
        raise FailedJobError(
            f"ClientError: Failed to download data. {clash}: a previously downloaded file or folder clashes "
            f"with it. Please check your s3 objects and ensure that there is no object that is both a folder "
            f"as well as a file."
        ) from clash
    except UnsafeKeyError as unsafe:
        raise FailedJobError(f"ClientError: Failed to download data. {unsafe}") from unsafe


def _refuse_shared_targets(stage: Stage, incoming: Sequence[_Incoming]) -> None:
    """Two inputs of one folder may not bring the same file, nor a file where the other has a folder."""
    seen: dict[str, StoredObject] = {}
    for item in incoming:
        source = item.download.source
        if os.path.isdir(f"{stage.tree}{item.path}") or os.path.isdir(f"{stage.lower}{item.path}"):  # noqa: PTH112  # of many files
            raise FailedJobError(
                f"ClientError: Failed to download data. {source.uri} would lie where {item.path} is a folder"
            )
        if item.path in seen:
            raise FailedJobError(
                f"ClientError: Failed to download data. {seen[item.path].uri} and {source.uri} "
                f"would be one file"
            )
        seen[item.path] = source


def _size_and_time(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116  # of many files
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
