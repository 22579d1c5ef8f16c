"""What the store holds of an object that an execution spoke of: looked up, and compared with what it was."""

from __future__ import annotations

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.model import LineageObject
from seatrial.dataflow.places import within
from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import S3Uri

LARGEST = 64_000_000
"""Larger objects are not read for a digest."""


def objects_now(flow: Flow, uri: str) -> tuple[LineageObject, ...]:
    """The objects at a location or beneath it, as they are now; none where nobody can look."""
    if flow.list_objects is None:
        return ()
    try:
        place = S3Uri.parse(uri)
        found = [stored for stored in flow.list_objects(place) if within(stored.uri, uri)]
    except (ValueError, StorageError):  # lineage tells what is known; what is lost is the judge's to say
        return ()
    return tuple(
        LineageObject(uri=stored.uri, size=stored.size, etag=stored.etag, recorded=False) for stored in found
    )


def content_of(flow: Flow, wanted: LineageObject) -> tuple[bytes | None, str | None]:
    """The object's content if it still is what it was, or why it cannot be had."""
    if flow.read is None or flow.list_objects is None:
        return None, "the store does not run"
    if wanted.size > LARGEST:
        return None, "too large to be read again"
    now = next((found for found in objects_now(flow, wanted.uri) if found.uri == wanted.uri), None)
    if now is None:
        return None, "no longer in the store"
    if now.etag != wanted.etag:
        return None, "overwritten since the step read it"
    try:
        return flow.read(S3Uri.parse(wanted.uri)), None
    except MissingObjectError:
        return None, "no longer in the store"
    except StorageError:
        return None, "the store cannot be read"
