"""Which execution ran a step, and under which engine; knows nothing of what the step wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seatrial.ports.executions import Event, EventKind, ExecutionRecord


@dataclass(frozen=True)
class Origin:
    """The execution that ran a step: the one that shows it, or the earlier one that it was taken from."""

    execution_id: str
    prefix: str | None
    engine: str


def origin_of(record: ExecutionRecord, engine: str | None = None) -> Origin:
    """An execution as the origin of a step; without `engine`, its last one ran the step."""
    return Origin(record.execution_id, record.prefix, engine or record.engines[-1])


def engines_by_step(history: Iterable[Event]) -> Mapping[str, str]:
    """Under which engine each step's last job started, where an execution was resumed under another."""
    engine = ExecutionRecord.engines[-1]  # the one that is not written down
    found: dict[str, str] = {}
    for event in history:
        if event.kind in (EventKind.EXECUTION_CREATED.value, EventKind.EXECUTION_CHANGED.value):
            engine = (event.detail.get("engines") or (engine,))[-1]
        elif event.step is not None and event.detail.get("job"):
            found[event.step] = engine
    return found
