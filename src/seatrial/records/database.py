"""One SQLite file, shared by processes and threads; the only module that knows `sqlite3`'s errors."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from seatrial.errors import RecordError
from seatrial.records.schema import SCHEMA_VERSION, VERSIONS

_BUSY_SECONDS = 30.0
Row: TypeAlias = sqlite3.Row


class Database:
    """Reads see one consistent state; writes are whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(path)
            self.close = weakref.finalize(self, self._connection.close)
            self._prepare()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One snapshot for several queries, whatever another process writes meanwhile."""
        with self._transaction("BEGIN"):
            yield self

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: all of it is kept on leaving, none of it when something is raised."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield self

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run one statement inside `writing`."""
        self._connection.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Every row of a query."""
        with self._lock, self._translated():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a query."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock, self._translated():
            if self._connection.in_transaction:
                yield  # the outer one decides
                return
            try:
                self._connection.execute(begin)
                yield
                self._connection.execute("COMMIT")
            except BaseException:  # a signal handler may raise between any two of these lines
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _prepare(self) -> None:
        if self._version() == SCHEMA_VERSION:
            return
        with self.writing():
            version = self._version()
            if version > SCHEMA_VERSION:
                raise RecordError(
                    "the records were written by a newer seatrial "
                    f"(schema {version}, this one knows {SCHEMA_VERSION})",
                    slug="records-newer",
                    where=str(self.path),
                    hint="upgrade seatrial, or set state_dir to another folder",
                )
            for statement in (each for step in VERSIONS[version:] for each in step):
                self.execute(statement)
            self.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise RecordError(
                f"the records cannot be used: {error}",
                slug="records-unusable",
                where=str(self.path),
                hint="look at the file and the space on its disk; move it away to begin anew",
            ) from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing either way. NORMAL may lose the last moments to a power failure,
        # which resume takes for an earlier crash; FULL would cost every event an fsync.
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection
