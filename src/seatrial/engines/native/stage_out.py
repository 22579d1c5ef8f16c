"""Takes a job's outputs to the store and says what *this attempt* wrote; knows no Docker.

A receipt is made after its upload, from what the store answered, and reaches the record of the execution
with the job's result. It thereby is the manifest of its set, written last: objects of an upload that was
cut short have no receipt and are nobody's outputs, only `existing` to the next attempt.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.engines.job import FailedJobError, JobOutput
from seatrial.engines.locations import staged
from seatrial.engines.native.archives import write_archive
from seatrial.engines.native.merging import BroughtIn, merge
from seatrial.engines.native.trees import TooDeepError, is_gone
from seatrial.errors import StorageError
from seatrial.ports.jobs import ArchiveMember, InputReceipt, OutputReceipt
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Upload, unbound

_SURROGATES = re.compile("[\ud800-\udfff]")
_CLASHES_TOLD = 20
_log = logging.getLogger(__name__)
# Names that no object can have, a role's limits; every other refusal is the store's trouble, not the job's.
_JOBS_OWN_FAULT = frozenset({"invalid-bucket", "invalid-key", "key-conflict", "access-denied"})


@dataclass(frozen=True)
class _Plan:
    """What one output will upload."""

    output: JobOutput
    uploads: Sequence[Upload]
    members: tuple[ArchiveMember, ...] = ()


def send_out(
    store: ObjectStore,
    trees: Sequence[Path],
    scratch: Path,
    outputs: Sequence[JobOutput],
    inputs: Sequence[InputReceipt],
    *,
    brought_in: Sequence[BroughtIn] = (),
    surely_ended: bool = True,
    earlier: Mapping[S3Uri, StoredObject] | None = None,
) -> tuple[OutputReceipt, ...]:
    """Upload all outputs at once; one receipt for each, empty where the container wrote nothing.

    Of a container that may not have ended, or whose files may not all be here, nothing that is missing is
    removed from the store, and no file is given up to the cache. `earlier` is what was sent while it ran,
    `brought_in` what each tree held before.
    """
    earlier = earlier or {}
    try:
        plans = [_plan(trees, scratch, output, brought_in) for output in outputs]
    except TooDeepError as deep:
        raise _not_uploaded(str(deep)) from deep
    uploads = [upload for plan in plans for upload in plan.uploads]
    _refuse_unnameable(uploads)
    # Of two outputs with one name the last one counts: in parallel, which one stays would be chance.
    last = list({upload.target: upload for upload in uploads}.values())
    gone = _gone(trees, outputs, inputs, earlier) if surely_ended else set()
    stored = _upload(store, last, given_up=surely_ended)
    gone -= stored.keys()
    left = {target: earlier[target] for target in earlier.keys() - stored.keys() - gone}
    receipts = [_receipt(plan, stored, left) for plan in plans]
    store.delete(gone)
    return _with_existing(unbound(store), plans, receipts)


def _plan(trees: Sequence[Path], scratch: Path, output: JobOutput, brought_in: Sequence[BroughtIn]) -> _Plan:
    merged = merge(trees, output.container_path, brought_in)
    for name in merged.clashes[:_CLASHES_TOLD]:
        _log.warning("%s: several hosts wrote %s; the last writing is kept", output.uri, name)
    if output.form == "archive":
        archive = scratch / Path(output.uri.key).name
        members = write_archive(merged.entries, archive)
        return _Plan(output, [Upload(archive, output.uri)] if members else [], members)
    found = (entry for entry in merged.entries if entry.is_file)
    uploads = [Upload(entry.path, output.uri.child(entry.name)) for entry in found]
    return _Plan(output, uploads)


def _upload(store: ObjectStore, uploads: Sequence[Upload], *, given_up: bool) -> dict[S3Uri, StoredObject]:
    if not uploads:
        return {}
    try:
        # Given up: the container has ended, and the tree is gone when the job ends.
        stored = store.upload(uploads, given_up=given_up)
        return dict(zip((upload.target for upload in uploads), stored, strict=True))
    except StorageError as refusal:
        if refusal.slug in _JOBS_OWN_FAULT:
            remedy = f" ({refusal.hint})" if refusal.hint else ""
            raise _not_uploaded(f"{refusal.message}{remedy}") from refusal
        raise


def _not_uploaded(why: str) -> FailedJobError:
    return FailedJobError(f"ClientError: Failed to upload data. {why}")


def _gone(
    trees: Sequence[Path],
    outputs: Sequence[JobOutput],
    inputs: Sequence[InputReceipt],
    earlier: Collection[S3Uri],
) -> set[S3Uri]:
    """What was brought in from a mirrored prefix, or sent there since, and no host has any more."""
    return {
        uri
        for output in outputs
        if output.form == "mirror"
        for uri in (*_brought_in(output, inputs), *earlier)
        if _holds(output, uri) and not uri.key.endswith("/") and _is_gone_everywhere(trees, output, uri)
    }


def _brought_in(output: JobOutput, inputs: Sequence[InputReceipt]) -> Iterator[S3Uri]:
    for receipt in inputs:
        if receipt.name == output.name and receipt.container_path == output.container_path:
            yield from (S3Uri(item.bucket, item.key) for item in receipt.objects)


def _is_gone_everywhere(trees: Sequence[Path], output: JobOutput, uri: S3Uri) -> bool:
    name = uri.key[len(_listing_prefix(output).key) :]
    return all(is_gone(tree, staged(tree, output.container_path), name) for tree in trees)


def _holds(output: JobOutput, uri: S3Uri) -> bool:
    """Whether an object lies in the folder that the output is."""
    return uri.bucket == output.uri.bucket and uri.key.startswith(_listing_prefix(output).key)


def _receipt(
    plan: _Plan, stored: Mapping[S3Uri, StoredObject], left: Mapping[S3Uri, StoredObject]
) -> OutputReceipt:
    """What went up now, and what went up while the container ran, though its file is gone since."""
    output = plan.output
    since_gone = (item for uri, item in left.items() if output.always and _holds(output, uri))
    return output.receipt(
        (*(stored[upload.target] for upload in plan.uploads), *sorted(since_gone, key=_key)),
        members=plan.members,
    )


def _key(item: StoredObject) -> str:
    return item.key


def _with_existing(
    store: ObjectStore, plans: Sequence[_Plan], receipts: Sequence[OutputReceipt]
) -> tuple[OutputReceipt, ...]:
    """Add what lies under each prefix and is not of this attempt, whichever of its outputs wrote it."""
    ours = {(item.bucket, item.key) for receipt in receipts for item in receipt.objects}
    complete = []
    for plan, receipt in zip(plans, receipts, strict=True):
        found = {(item.bucket, item.key): item for item in store.list_objects(_listing_prefix(plan.output))}
        _refuse_hidden(receipt, found)
        existing = tuple(item for place, item in found.items() if place not in ours)
        complete.append(replace(receipt, existing=existing))
    return tuple(complete)


def _listing_prefix(output: JobOutput) -> S3Uri:
    """An archive is one key; beneath a folder's prefix there is always a slash."""
    if output.form == "archive" or not output.uri.key.strip("/"):
        return output.uri
    return output.uri.child("")


def _refuse_hidden(receipt: OutputReceipt, found: Collection[tuple[str, str]]) -> None:
    """MinIO takes a key beneath another object's key and then leaves it out of every listing."""
    for item in receipt.objects:
        if (item.bucket, item.key) not in found:
            raise _not_uploaded(
                f"{item.uri} lies beneath another object's key, which hides it from every listing: "
                f"rename one of the two"
            )


def _refuse_unnameable(uploads: Sequence[Upload]) -> None:
    """Names that are no UTF-8 are read with surrogates in them."""
    for upload in uploads:
        if _SURROGATES.search(upload.target.key):
            raise _not_uploaded(f"The name of {upload.target.key!r} is not UTF-8, and no object can have it")
