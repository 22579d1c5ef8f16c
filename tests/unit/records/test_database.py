"""Reads see one state, and writes are whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from seatrial.records import Records
from seatrial.records.database import Database
from seatrial.records.schema import VERSIONS
from tests.adapters.clock import StillClock

COUNT = "SELECT count(*) FROM leases"
INSERT = "INSERT INTO leases (execution_id, generation, owner, taken_at) VALUES (?, 1, 'o', 't')"


def test_a_reading_stays_as_it_began_whatever_is_written_meanwhile(path: Path) -> None:
    reader, writer = Database(path), Database(path)

    with reader.reading():
        before = reader.rows(COUNT)[0][0]
        with writer.writing():
            writer.execute(INSERT, ("a",))
        during = reader.rows(COUNT)[0][0]

    assert (before, during, reader.rows(COUNT)[0][0]) == (0, 0, 1)


def test_a_writing_within_a_writing_is_kept_or_lost_with_it(path: Path) -> None:
    database = Database(path)

    def write_and_raise() -> None:
        with database.writing():
            with database.writing():
                database.execute(INSERT, ("a",))
            raise KeyError

    with pytest.raises(KeyError):
        write_and_raise()

    assert database.rows(COUNT)[0][0] == 0
    with database.writing(), database.writing():
        database.execute(INSERT, ("a",))
    assert Database(path).rows(COUNT)[0][0] == 1


def test_a_file_of_the_first_version_is_brought_up_to_date_with_what_it_holds(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    old = sqlite3.connect(path)
    for statement in VERSIONS[0]:
        old.execute(statement)
    old.execute(
        "INSERT INTO executions "
        "(execution_id, arn, pipeline_name, pipeline_arn, status, definition, parameters, started_at) "
        "VALUES ('a', 'arn:a', 'P', 'arn:P', 'Succeeded', '{}', '{}', '2026-03-01T12:00:00+00:00')"
    )
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()

    kept = Records(path, StillClock()).latest()

    assert (kept.execution_id, kept.engines) == ("a", ("native",))
