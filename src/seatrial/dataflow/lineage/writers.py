"""Who wrote what a step found, by place, content and time: what lay there before is nobody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from seatrial.dataflow.places import within
from seatrial.ports.executions import StepRecord
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import StoredObject

Writer = tuple[str, OutputReceipt]
"""The name of a step, and its output."""


class Writers:
    """The outputs of an execution by location and by object: a step may read ten thousand of these."""

    def __init__(self, steps: Iterable[StepRecord]) -> None:
        self._places: dict[str, list[tuple[StepRecord, OutputReceipt]]] = defaultdict(list)
        self._objects: dict[str, list[tuple[StepRecord, OutputReceipt, StoredObject]]] = defaultdict(list)
        for step in steps:
            for receipt in step.result.outputs if step.result else ():
                self._places[receipt.s3_uri.rstrip("/")].append((step, receipt))
                for stored in receipt.objects:
                    self._objects[stored.uri].append((step, receipt, stored))

    def of_object(self, found: StoredObject, reader: StepRecord) -> Writer | None:
        """Who wrote this very object; none if another lay there when it was read."""
        made = [
            (step.name, receipt)
            for step, receipt, stored in self._objects.get(found.uri, ())
            if stored.etag == found.etag and _may_give(step, reader)
        ]
        return made[-1] if made else None

    def at(self, uri: str, reader: StepRecord) -> tuple[Writer, StoredObject] | None:
        """The output and its object at a location that was read, where its content then is not known."""
        made = [
            ((step.name, receipt), stored)
            for step, receipt, stored in self._objects.get(uri, ())
            if _may_give(step, reader)
        ]
        return made[-1] if made else None

    def of_place(self, uri: str, reader: StepRecord) -> Writer | None:
        """The output that lies at a location, or that wrote something beneath it in a place above."""
        for place in _upwards(uri):
            for step, receipt in reversed(self._places.get(place, ())):
                held = place == uri.rstrip("/") or any(within(o.uri, uri) for o in receipt.objects)
                if held and _may_give(step, reader):
                    return step.name, receipt
        return None


def _may_give(writer: StepRecord, reader: StepRecord) -> bool:
    """A step gives nothing to itself, nor to one that was over before it began."""
    if writer.name == reader.name:
        return False
    if writer.reuse or reader.reuse or writer.started_at is None or reader.ended_at is None:
        return True  # what an earlier execution did has no times here
    return writer.started_at <= reader.ended_at


def _upwards(uri: str) -> Iterator[str]:
    place = uri.rstrip("/")
    while place.count("/") > 1:
        yield place
        place = place.rpartition("/")[0]
