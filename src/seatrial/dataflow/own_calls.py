"""What a step's own code asked of S3, as reads and writes of objects; judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from seatrial.dataflow.flow import Flow
from seatrial.ports.executions import StepRecord
from seatrial.ports.observation import S3Call

Object: TypeAlias = tuple[str, str]
"""(bucket, key)."""

_READS = frozenset({"GetObject", "SelectObjectContent", "CopySource"})
_LOOKS = frozenset({"HeadObject", "GetObjectAttributes"})
_WRITES = frozenset({"PutObject", "CompleteMultipartUpload", "CopyObject", "PostObject"})
_DELETIONS = frozenset({"DeleteObject", "DeleteObjects"})


@dataclass(frozen=True)
class Writer:
    """A step that wrote an object: for one of its outputs, or (None) by its own code.

    `ended` is when it had written it; None where that was not in this execution.
    """

    step: str
    output: str | None
    ended: datetime | None

    @property
    def label(self) -> str:
        """`Preprocess.train`, or the step alone."""
        return f"{self.step}.{self.output}" if self.output is not None else self.step


def object_of(call: S3Call) -> Object:
    """What the call is about."""
    return call.bucket, call.key


def reads(step: StepRecord) -> Iterator[S3Call]:
    """Calls that got what an object holds."""
    return (call for call in _calls(step) if call.operation in _READS and call.status < 400)


def looks(step: StepRecord) -> Iterator[S3Call]:
    """Calls that asked for an object, whether it was there or not; those that were refused told nothing."""
    wanted = _READS | _LOOKS
    return (call for call in _calls(step) if call.operation in wanted and not call.refused)


def writes(step: StepRecord) -> Iterator[S3Call]:
    """Calls after which an object was there."""
    return (call for call in _calls(step) if call.operation in _WRITES and call.status < 400)


def deletions(step: StepRecord) -> Iterator[S3Call]:
    """Calls after which an object was not there; it may never have been."""
    return (call for call in _calls(step) if call.operation in _DELETIONS and call.status < 400)


def is_deletion(call: S3Call) -> bool:
    """Whether it took something away."""
    return call.operation in _DELETIONS


def is_look(call: S3Call) -> bool:
    """Whether it asked only what there is to know of an object."""
    return call.operation in _LOOKS


def writers(flow: Flow) -> Mapping[Object, list[Writer]]:
    """Everybody whose object it is in this execution: by their outputs, then by their own code."""
    found: dict[Object, list[Writer]] = {}
    ran = {step.name for step in flow.ran()}
    for step in flow.record.steps:
        for receipt in step.result.outputs if step.result else ():
            writer = Writer(step.name, receipt.name, step.ended_at if step.name in ran else None)
            for stored in receipt.objects:
                found.setdefault((stored.bucket, stored.key), []).append(writer)
    for step in flow.ran():
        for call in writes(step):
            found.setdefault(object_of(call), []).append(Writer(step.name, None, call.last))
    return found


def _calls(step: StepRecord) -> Iterator[S3Call]:
    """All but those of what some clients keep as folders: empty objects whose names end with a slash."""
    seen = step.result.observation if step.result else None
    calls = (seen.calls if seen else None) or ()
    return (call for call in calls if call.key and not call.key.endswith("/"))
