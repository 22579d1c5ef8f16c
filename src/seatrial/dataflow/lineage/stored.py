"""What the store holds of an object that an execution spoke of: looked up, and compared with what it was."""

from __future__ import annotations

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.model import LineageObject
from seatrial.dataflow.places import within
from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import S3Uri

LARGEST = 64_000_000
"""Larger objects are not read for a digest."""

NO_STORE = "the store does not answer"


def objects_now(flow: Flow, uri: str) -> tuple[LineageObject, ...]:
    """The objects at a location or beneath it, as they are now; none where nobody can look."""
    return _listed(flow, uri) or ()


def content_of(flow: Flow, wanted: LineageObject) -> tuple[bytes | None, str | None]:
    """The object's content if it still is what it was, or why it cannot be had."""
    if wanted.size > LARGEST:
        return None, "too large to be read again"
    there = _listed(flow, wanted.uri)
    if there is None or flow.read is None:
        return None, NO_STORE
    now = next((found for found in there if found.uri == wanted.uri), None)
    if now is None:
        return None, "no longer in the store"
    if now.etag != wanted.etag:
        return None, "overwritten since the step read it"
    try:
        return flow.read(S3Uri.parse(wanted.uri)), None
    except MissingObjectError:
        return None, "no longer in the store"
    except StorageError:
        return None, NO_STORE


def _listed(flow: Flow, uri: str) -> tuple[LineageObject, ...] | None:
    """None where nobody can look: lineage tells what is known, and what is lost is the judge's to say."""
    if flow.list_objects is None:
        return None
    try:
        found = [stored for stored in flow.list_objects(S3Uri.parse(uri)) if within(stored.uri, uri)]
    except StorageError:
        return None
    return tuple(
        LineageObject(uri=stored.uri, size=stored.size, etag=stored.etag, recorded=False) for stored in found
    )
