"""The lineage of an execution, with what the store still holds of its code."""

from __future__ import annotations

from dataclasses import replace

from seatrial.app.parts import Parts
from seatrial.dataflow import Flow, Lineage, lineage_of
from seatrial.errors import SeatrialError
from seatrial.ports.storage import ObjectStore


def lineage_as_seen(parts: Parts, flow: Flow) -> Lineage:
    """The lineage, with digests of the code that the store still holds; without a store, without these."""
    if flow.read is None:
        store = _store(parts)
        if store is not None:
            flow = replace(flow, list_objects=store.list_objects, read=store.read)
    return lineage_of(flow)


def _store(parts: Parts) -> ObjectStore | None:
    """The store if it answers; without it the records tell less, but they tell."""
    try:
        store = parts.running_store
        if store is not None:
            store.buckets()  # asked once here, and not for every object in vain
    except SeatrialError:
        return None
    return store
