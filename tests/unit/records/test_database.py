"""Reads see one state, and writes are whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.records.database import Database

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
