"""Finds the execution that somebody means: by id, ARN, the beginning of an id, or `latest`."""

from __future__ import annotations

from seatrial.errors import RecordError
from seatrial.records.database import Database, Row

LATEST = "latest"
_SHOWN = 10


def find(database: Database, wanted: str) -> Row:
    """The row in `executions`; none, or more than one, is an error that lists what there is."""
    if wanted == LATEST:
        rows = database.rows("SELECT * FROM executions ORDER BY position DESC LIMIT 1")
    else:
        rows = database.rows(
            "SELECT * FROM executions WHERE execution_id = ? COLLATE NOCASE OR arn = ?", (wanted, wanted)
        ) or _by_prefix(database, wanted)
    if len(rows) != 1:
        raise _not_one(database, wanted, rows)
    return rows[0]


def _by_prefix(database: Database, wanted: str) -> list[Row]:
    return database.rows(
        "SELECT * FROM executions WHERE ? <> '' AND substr(execution_id, 1, length(?)) = lower(?) "
        "ORDER BY position DESC",
        (wanted, wanted, wanted),
    )


def _not_one(database: Database, wanted: str, found: list[Row]) -> RecordError:
    if found:
        message, slug, listed = (
            f"{wanted!r} is the beginning of several executions",
            "ambiguous-execution",
            found,
        )
    else:
        message, slug = f"there is no execution {wanted!r}", "unknown-execution"
        listed = database.rows("SELECT * FROM executions ORDER BY position DESC LIMIT ?", (_SHOWN,))
    if not listed:
        hint = "nothing has been run here yet: `seatrial run PIPELINE` begins one"
    else:
        hint = "there is: " + ", ".join(_in_words(row) for row in listed[:_SHOWN])
    return RecordError(message, slug=slug, where=str(database.path), hint=hint)


def _in_words(row: Row) -> str:
    return f"{row['execution_id']} ({row['pipeline_name']}, {row['status']}, {row['started_at'][:16]})"
