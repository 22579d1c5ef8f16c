"""Takes a job's outputs to the store and says what *this attempt* wrote; knows no Docker.

A receipt is made after its upload, from what the store answered, and reaches the record of the execution
with the job's result. It thereby is the manifest of its set, written last: objects of an upload that was
cut short have no receipt and are nobody's outputs, only `existing` to the next attempt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.engines.native.archives import write_archive
from seatrial.engines.native.job import FailedJobError, JobOutput
from seatrial.engines.native.locations import staged
from seatrial.engines.native.trees import files, walk
from seatrial.errors import StorageError
from seatrial.ports.jobs import ArchiveMember, InputReceipt, OutputReceipt
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Upload

_SURROGATES = re.compile("[\ud800-\udfff]")
# Names that no object can have; every other refusal is the store's trouble and not the job's.
_JOBS_OWN_FAULT = frozenset({"invalid-bucket", "invalid-key", "key-conflict"})


@dataclass(frozen=True)
class _Plan:
    """What one output will upload."""

    output: JobOutput
    uploads: Sequence[Upload]
    members: tuple[ArchiveMember, ...] = ()
    gone: Sequence[S3Uri] = field(default=())


def send_out(
    store: ObjectStore,
    tree: Path,
    scratch: Path,
    outputs: Sequence[JobOutput],
    inputs: Sequence[InputReceipt],
) -> tuple[OutputReceipt, ...]:
    """Upload all outputs at once; one receipt for each, empty where the container wrote nothing."""
    plans = [_plan(tree, scratch, output, inputs) for output in outputs]
    uploads = [upload for plan in plans for upload in plan.uploads]
    _refuse_unnameable(uploads)
    stored = iter(_upload(store, uploads))
    receipts = [_receipt(plan, tuple(next(stored) for _ in plan.uploads)) for plan in plans]
    store.delete([uri for plan in plans for uri in plan.gone])
    return _with_existing(store, receipts)


def _plan(tree: Path, scratch: Path, output: JobOutput, inputs: Sequence[InputReceipt]) -> _Plan:
    folder = staged(tree, output.container_path)
    if output.form == "archive":
        archive = scratch / Path(output.uri.key).name
        members = write_archive(list(walk(tree, folder)), archive)
        return _Plan(output, [Upload(archive, output.uri)] if members else [], members)
    found = list(files(tree, folder))
    uploads = [Upload(entry.path, output.uri.child(entry.name)) for entry in found]
    return _Plan(output, uploads, gone=_gone(output, uploads, inputs) if output.form == "mirror" else ())


def _upload(store: ObjectStore, uploads: Sequence[Upload]) -> Sequence[StoredObject]:
    if not uploads:
        return ()
    try:
        return store.upload(uploads)
    except StorageError as refusal:
        if refusal.slug in _JOBS_OWN_FAULT:
            raise FailedJobError(f"ClientError: Failed to upload data. {refusal.message}") from refusal
        raise


def _gone(output: JobOutput, uploads: Sequence[Upload], inputs: Sequence[InputReceipt]) -> list[S3Uri]:
    """What was brought in from the mirrored prefix and is no longer there."""
    kept = {upload.target.key for upload in uploads}
    return [
        S3Uri(item.bucket, item.key)
        for receipt in inputs
        if receipt.name == output.name and receipt.container_path == output.container_path
        for item in receipt.objects
        if item.key not in kept and not item.key.endswith("/")
    ]


def _receipt(plan: _Plan, objects: tuple[StoredObject, ...]) -> OutputReceipt:
    output = plan.output
    return OutputReceipt(
        name=output.name,
        s3_uri=str(output.uri),
        container_path=output.container_path,
        property_path=output.property_path,
        data_type=output.data_type,
        objects=objects,
        members=plan.members,
    )


def _with_existing(store: ObjectStore, receipts: Sequence[OutputReceipt]) -> tuple[OutputReceipt, ...]:
    """Add what lies under each prefix and is not of this attempt, whichever of its outputs wrote it."""
    ours = {(item.bucket, item.key) for receipt in receipts for item in receipt.objects}
    return tuple(
        replace(
            receipt,
            existing=tuple(
                item
                for item in store.list_objects(_listing_prefix(receipt))
                if (item.bucket, item.key) not in ours
            ),
        )
        for receipt in receipts
    )


def _listing_prefix(receipt: OutputReceipt) -> S3Uri:
    """An archive is one key; beneath a folder's prefix there is always a slash."""
    uri = S3Uri.parse(receipt.s3_uri)
    if receipt.members or uri.key.endswith(".tar.gz") or not uri.key.strip("/"):
        return uri
    return uri.child("")


def _refuse_unnameable(uploads: Sequence[Upload]) -> None:
    """Names that are no UTF-8 are read with surrogates in them."""
    for upload in uploads:
        if _SURROGATES.search(upload.target.key):
            raise FailedJobError(
                f"ClientError: Failed to upload data. The name of {upload.target.key!r} is not UTF-8, "
                f"and no object can have it"
            )
