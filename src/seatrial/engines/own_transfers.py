"""What an application itself fetches from S3 and sends there; knows no Docker and stages nothing.

What lies beneath such an output before the container starts and after it ended is compared: what is new or
other is taken for what the application wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from seatrial.engines.job import JobInput, JobOutput
from seatrial.ports.jobs import InputReceipt, OutputReceipt
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Writing, unbound


def offered(store: ObjectStore, inputs: Sequence[JobInput]) -> tuple[InputReceipt, ...]:
    """What there is for the application to fetch."""
    return tuple(
        InputReceipt(item.name, str(item.uri), item.container_path, _stored(store, item.uri), required=False)
        for item in inputs
    )


def lying(store: ObjectStore, outputs: Sequence[JobOutput]) -> frozenset[Writing]:
    """Everything beneath the outputs, and which writing of it."""
    return frozenset(item for output in outputs for item in _beneath(store, output.uri))


def sent(
    store: ObjectStore,
    outputs: Sequence[JobOutput],
    before: Collection[Writing],
    *,
    besides: Collection[StoredObject] = (),
) -> tuple[OutputReceipt, ...]:
    """What the application added to what was there `before`, or wrote anew; one receipt for each output.

    What is `besides` there, we have sent ourselves.
    """
    others = frozenset(besides)
    return tuple(
        _receipt(output, [item for item in _beneath(store, output.uri) if item.stored not in others], before)
        for output in outputs
    )


def _stored(store: ObjectStore, uri: S3Uri) -> tuple[StoredObject, ...]:
    return tuple(item.stored for item in _beneath(store, uri))


def _beneath(store: ObjectStore, uri: S3Uri) -> Iterator[Writing]:
    """What the application may name so: the object itself, or what lies in the folder."""
    folder = uri.child("").key
    return (
        item
        for item in unbound(store).writings(uri)
        if item.stored.key == uri.key or item.stored.key.startswith(folder)
    )


def _receipt(output: JobOutput, now: Sequence[Writing], before: Collection[Writing]) -> OutputReceipt:
    return output.receipt(
        tuple(item.stored for item in now if item not in before),
        existing=tuple(item.stored for item in now if item in before),
    )
