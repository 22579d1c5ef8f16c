"""Appends an event and brings the projections up to it, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from seatrial.ports.executions import Event, EventKind
from seatrial.records.database import Database, Row
from seatrial.records.projections import PROJECTIONS
from seatrial.records.values import to_json


def append(
    database: Database,
    execution_id: str,
    time: datetime,
    kind: str,
    step: str | None,
    detail: Mapping[str, Any],
) -> Event:
    """The event as committed; `detail` as a reader will see it."""
    text = to_json(detail)
    name = kind.value if isinstance(kind, EventKind) else kind
    event = Event(execution_id, 0, time, name, step, json.loads(text))
    with database.writing():
        event = Event(
            execution_id, _next_sequence(database, execution_id), time, event.kind, step, event.detail
        )
        database.execute(
            "INSERT INTO events (execution_id, sequence, time, kind, step, detail) VALUES (?, ?, ?, ?, ?, ?)",
            (execution_id, event.sequence, time.isoformat(), event.kind, step, text),
        )
        project(database, event)
    return event


def project(database: Database, event: Event) -> None:
    """Bring the projections up to `event`; a kind without one is history only."""
    if event.kind in PROJECTIONS:
        PROJECTIONS[event.kind](database, event)


def read(row: Row) -> Event:
    """An event as it was appended."""
    return Event(
        row["execution_id"],
        row["sequence"],
        datetime.fromisoformat(row["time"]),
        row["kind"],
        row["step"],
        json.loads(row["detail"]),
    )


def _next_sequence(database: Database, execution_id: str) -> int:
    row = database.row("SELECT max(sequence) FROM events WHERE execution_id = ?", (execution_id,))
    return (row[0] or 0) + 1 if row else 1
