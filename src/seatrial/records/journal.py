"""The one writer of one execution, for as long as it holds the lease."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType

from seatrial.errors import RecordError
from seatrial.ports.clock import Clock
from seatrial.ports.executions import Event, EventKind, ExecutionRecord, StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import JobRequest
from seatrial.records import events
from seatrial.records.database import Database
from seatrial.records.jobs import job_of
from seatrial.records.lease import Lease
from seatrial.records.values import changes


class Journal:
    """Appends what changed. Every method returns the event after it was committed."""

    def __init__(self, database: Database, execution_id: str, lease: Lease, clock: Clock) -> None:
        self.execution_id = execution_id
        self._database = database
        self._lease = lease
        self._clock = clock
        self._generation = self._take()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let another driver go on with this execution."""
        self._lease.release()

    def execution_changed(self, before: ExecutionRecord, after: ExecutionRecord) -> Event:
        """The execution's own fields; its steps have events of their own."""
        detail = changes(before, after)
        detail.pop("steps", None)
        detail["status"] = after.status  # said even where it was taken up again as it was
        return self._append(EventKind.EXECUTION_CHANGED, None, detail)

    def step_changed(
        self,
        before: StepRecord | None,
        after: StepRecord,
        *,
        job: JobRequest | None = None,
        kind: EventKind = EventKind.STEP_CHANGED,
    ) -> Event:
        """A step's fields, and the job that it started with this change."""
        detail = changes(before, after)
        detail.pop("name", None)
        if after.reuse is not None:
            detail.pop("result", None)  # it is kept with the job that it is of, in another execution
        if job is not None:
            started = asdict(job_of(job))
            del started["result"]
            detail["job"] = started
        return self._append(kind, after.name, detail)

    def findings_added(self, findings: Sequence[Finding]) -> Event:
        """What was found while it ran."""
        return self._append(EventKind.FINDINGS_ADDED, None, {"findings": tuple(findings)})

    def _append(self, kind: EventKind, step: str | None, detail: dict[str, object]) -> Event:
        with self._database.writing():
            self._check_generation()
            return events.append(
                self._database, self.execution_id, self._clock.now(), kind.value, step, detail
            )

    def _take(self) -> int:
        with self._database.writing():
            self._database.execute(
                "INSERT INTO leases (execution_id, generation, owner, taken_at) VALUES (?, 1, ?, ?) "
                "ON CONFLICT (execution_id) DO UPDATE SET "
                "generation = generation + 1, owner = excluded.owner, taken_at = excluded.taken_at",
                (self.execution_id, self._lease.owner, self._clock.now().isoformat()),
            )
            return self._stored_generation()

    def _check_generation(self) -> None:
        if self._stored_generation() != self._generation:
            raise RecordError(
                f"execution {self.execution_id} was taken over by another process",
                slug="lease-lost",
                where=self.execution_id,
                hint="the other process goes on with it; `seatrial status` shows how far it is",
            )

    def _stored_generation(self) -> int:
        row = self._database.row("SELECT generation FROM leases WHERE execution_id = ?", (self.execution_id,))
        return int(row["generation"]) if row else 0
