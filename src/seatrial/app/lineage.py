"""The lineage of an execution, with what the store still holds of its code."""

from __future__ import annotations

from dataclasses import replace

from seatrial.app.parts import Parts
from seatrial.dataflow import Flow, Lineage, lineage_of
from seatrial.errors import EnvironmentUnfitError


def lineage_as_seen(parts: Parts, flow: Flow) -> Lineage:
    """The lineage, with digests of the code that the store still holds; without a store, without these."""
    if flow.read is None:
        try:
            store = parts.running_store
        except EnvironmentUnfitError:  # no Docker: the records alone tell less, but they tell
            store = None
        if store is not None:
            flow = replace(flow, list_objects=store.list_objects, read=store.read)
    return lineage_of(flow)
