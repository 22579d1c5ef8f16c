"""What a job read and wrote, told from listings before and after it.

The second listing says what is there now. Of that, this attempt wrote what local mode put: the child notes
each upload that the store acknowledged, so an object that was written again as it was counts, and what a
neighbour wrote under the same prefix in the meantime does not. Where the child's word was lost, what is new
or has another content counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seatrial.engines.job import Job, JobInput, JobOutput
from seatrial.ports.archives import read_members
from seatrial.ports.jobs import ArchiveMember, InputReceipt, OutputReceipt
from seatrial.ports.storage import Download, ObjectStore, S3Uri, StoredObject

Listing = Mapping[S3Uri, StoredObject]


def list_inputs(store: ObjectStore, job: Job) -> tuple[InputReceipt, ...]:
    """What local mode will find: the object of exactly that key, else all that begin with it."""
    return tuple(
        InputReceipt(item.name, str(item.uri), item.container_path, _found(store, item), item.required)
        for item in job.inputs
    )


def _found(store: ObjectStore, item: JobInput) -> tuple[StoredObject, ...]:
    exact = store.stat(item.uri) if item.uri.key and not item.uri.key.endswith("/") else None
    if exact:
        return (exact,)
    return tuple(found for found in store.list_objects(item.uri) if not found.key.endswith("/"))


@dataclass(frozen=True)
class Before:
    """What lay under each output before the job."""

    listings: Mapping[JobOutput, Listing]


def list_outputs(store: ObjectStore, job: Job) -> Before:
    """Look before anything runs."""
    return Before({output: _listing(store, output) for output in job.outputs})


def make_receipts(
    store: ObjectStore, before: Before, uploaded: Collection[S3Uri] | None, scratch: Path
) -> tuple[OutputReceipt, ...]:
    """One receipt for each output; `uploaded` is None where nobody told."""
    after = {output: _listing(store, output) for output in before.listings}
    written = {
        output: uploaded if uploaded is not None else _changed(before.listings[output], listing)
        for output, listing in after.items()
    }
    return tuple(
        _receipt(store, output, listing, _own(output, written[output], after), scratch)
        for output, listing in after.items()
    )


def _listing(store: ObjectStore, output: JobOutput) -> Listing:
    if output.form == "archive":
        found = store.stat(output.uri)
        return {output.uri: found} if found else {}
    prefix = output.uri.child("") if output.uri.key.strip("/") else output.uri
    return {S3Uri(item.bucket, item.key): item for item in store.list_objects(prefix)}


def _changed(before: Listing, after: Listing) -> set[S3Uri]:
    return {uri for uri, item in after.items() if uri not in before or before[uri].etag != item.etag}


def _own(output: JobOutput, written: Collection[S3Uri], after: Mapping[JobOutput, Listing]) -> set[S3Uri]:
    """Of what was written, what is this output's and not that of one whose prefix names it more closely."""
    closer = [
        other
        for other in after
        if other.form == output.form and len(other.uri.key.rstrip("/")) > len(output.uri.key.rstrip("/"))
    ]
    return {uri for uri in written if not any(uri in after[other] for other in closer)}


def _receipt(
    store: ObjectStore, output: JobOutput, listing: Listing, written: Collection[S3Uri], scratch: Path
) -> OutputReceipt:
    objects = tuple(item for uri, item in listing.items() if uri in written)
    return output.receipt(
        objects,
        existing=tuple(item for uri, item in listing.items() if uri not in written),
        members=_members(store, objects, scratch) if output.form == "archive" else (),
    )


def _members(store: ObjectStore, objects: Sequence[StoredObject], scratch: Path) -> tuple[ArchiveMember, ...]:
    """The files inside; the archive is local mode's work, and its content the container's."""
    if not objects:
        return ()
    archive = scratch / "looked-into.tar.gz"
    store.download([Download(objects[0], archive)])
    try:
        with archive.open("rb") as file:
            return tuple(read_members(file))
    finally:
        archive.unlink(missing_ok=True)
