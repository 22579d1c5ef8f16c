"""What each input of a job holds before it starts, however the request names it; brings nothing in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from seatrial.engines.job import FailedJobError, Job, JobInput, RefusedJobError
from seatrial.engines.native.augmented import find_records, parse_lines
from seatrial.engines.native.manifests import ManifestError, find_objects, parse_manifest
from seatrial.engines.reading import DataType
from seatrial.errors import AccessDeniedError
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject

Record = tuple[StoredObject | bytes, ...]


@dataclass(frozen=True)
class Listed:
    """The objects of one input, in their order; `base` is the key that their names are relative to.

    Where a manifest names them, it is `manifest`: the job reads it as well. `lines` are what an augmented
    one has sent, objects and texts.
    """

    input: JobInput
    objects: Sequence[StoredObject]
    base: str
    manifest: StoredObject | None = None
    lines: Sequence[Record] | None = None

    @property
    def records(self) -> Sequence[Record]:
        """What goes through a pipe, and stays together if it is shuffled; a folder's key holds nothing."""
        if self.lines is not None:
            return self.lines
        return [(item,) for item in self.objects if item.size or not item.key.endswith("/")]

    @cached_property
    def receipt(self) -> InputReceipt:
        """What the job read: the manifest, and each object once."""
        objects = tuple(self.objects)
        if self.manifest is not None:
            objects = tuple(dict.fromkeys((self.manifest, *objects)))
        return InputReceipt(
            name=self.input.name,
            s3_uri=str(self.input.uri),
            container_path=self.input.container_path,
            objects=objects,
            required=self.input.required,
        )


def list_inputs(store: ObjectStore, job: Job, region: str, *, whole_keys: bool = False) -> list[Listed]:
    """What each input holds now; an empty one is answered as the service answers it.

    With `whole_keys` a manifest's files are named by their whole keys.
    """
    listed = []
    for item in job.inputs:
        with listing_for(job, item, region):
            found = list_input(store, item, whole_keys=whole_keys)
        if item.required and not found.objects and not found.lines:
            _answer_empty(job, item, region)
        if item.reading.mode == "FastFile":
            _refuse_partial_prefix(found)
        listed.append(found)
    return listed


@contextmanager
def listing_for(job: Job, item: JobInput, region: str) -> Iterator[None]:
    """A prefix that the role may not list is answered as one that holds nothing."""
    try:
        yield
    except AccessDeniedError as denial:
        if denial.action != "s3:ListBucket":
            raise
        _answer_empty(job, item, region, denial)


def nothing_found(uri: S3Uri, role_arn: str, region: str) -> str:
    """The service's words for a prefix without objects."""
    return (
        f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket '
        f"exists in the selected region ({region}), that objects exist under that S3 prefix, and that the "
        f'role "{role_arn}" has "s3:ListBucket" permissions on bucket "{uri.bucket}".'
    )


def list_input(store: ObjectStore, item: JobInput, *, whole_keys: bool = False) -> Listed:
    """What one input holds now, even if that is nothing; a manifest that is none fails the job."""
    return _LISTINGS[item.reading.data_type](store, item, whole_keys)


def by_prefix(store: ObjectStore, item: JobInput, _whole_keys: bool) -> Listed:
    """Every object whose key starts with the input's."""
    return Listed(item, list(store.list_objects(item.uri)), item.uri.key)


def by_manifest(store: ObjectStore, item: JobInput, whole_keys: bool) -> Listed:
    """The objects that the manifest names."""
    manifest = store.stat(item.uri)
    if manifest is None:
        return Listed(item, (), item.uri.key)
    with _following(item.uri):
        read = parse_manifest(store.read(item.uri))
        objects = find_objects(store, read)
    if item.reading.mode != "Pipe":
        objects = list(dict.fromkeys(objects))  # a file that is named twice is there once
    return Listed(item, objects, "" if whole_keys else read.prefix.key, manifest)


def by_augmented_manifest(store: ObjectStore, item: JobInput, _whole_keys: bool) -> Listed:
    """What the attributes that were asked for hold, line by line."""
    manifest = store.stat(item.uri)
    if manifest is None:
        return Listed(item, (), item.uri.key)
    with _following(item.uri):
        lines = find_records(store, parse_lines(store.read(item.uri), item.reading.attributes))
    objects = [part for line in lines for part in line if isinstance(part, StoredObject)]
    return Listed(item, objects, item.uri.key, manifest, lines)


@contextmanager
def _following(manifest: S3Uri) -> Iterator[None]:
    try:
        yield
    except ManifestError as wrong:
        raise FailedJobError(
            f"ClientError: Failed to download data. The manifest {manifest} cannot be followed: {wrong}"
        ) from wrong


_LISTINGS: Mapping[DataType, Callable[[ObjectStore, JobInput, bool], Listed]] = {
    "S3Prefix": by_prefix,
    "ManifestFile": by_manifest,
    "AugmentedManifestFile": by_augmented_manifest,
}


def _answer_empty(job: Job, item: JobInput, region: str, denial: AccessDeniedError | None = None) -> NoReturn:
    text = nothing_found(item.uri, job.role_arn, region)
    if job.empty_input == "refused":
        raise RefusedJobError(f"ValidationException: {text}") from denial
    raise FailedJobError(f"ClientError: Failed to download data. {text}") from denial


def _refuse_partial_prefix(listed: Listed) -> None:
    """FastFile mounts a folder or a file; a prefix that other names begin with as well is neither."""
    key = listed.base
    folder = key if not key or key.endswith("/") else f"{key}/"
    for item in listed.objects:
        if item.key != key and not item.key.startswith(folder):
            raise FailedJobError(
                "ClientError: Data download failed:Failed to download data. For FastFile mode, partial S3 "
                "prefix is not supported. S3 prefix has to end with a full file or folder. Add a trailing "
                "'/' to the S3 prefix if it ends with a folder name that is also a prefix for other folders. "
                f"Current S3 prefix: [{key}], found S3 object: [{item.key}]."
            )
