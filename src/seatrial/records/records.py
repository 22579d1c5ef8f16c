"""What is known of every execution, as values; the way in for readers, and for the one writer."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from seatrial.errors import RecordError
from seatrial.ports.clock import Clock
from seatrial.ports.executions import Event, EventKind, ExecutionRecord, StepRecord, StepStatus
from seatrial.ports.findings import Finding
from seatrial.records import events, lease, lookup
from seatrial.records.callbacks import Callbacks
from seatrial.records.database import Database, Row
from seatrial.records.endpoint_configs import EndpointConfigs
from seatrial.records.jobs import JobRecord, Success, read_job, read_result, read_success
from seatrial.records.journal import Journal
from seatrial.records.model_registry import ModelRegistry
from seatrial.records.values import EXECUTION, STEP, changes

_STEPS = (
    "SELECT steps.*, jobs.result AS result FROM steps LEFT JOIN jobs ON jobs.name = steps.job_name "
    "WHERE steps.execution_id = ?"
)


class Records:
    """One file of records. Reading works while another process writes."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._database = Database(path)
        self.model_registry = ModelRegistry(self._database, clock)
        self.callbacks = Callbacks(self._database, clock)
        self.endpoint_configs = EndpointConfigs(self._database, clock)

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def create(self, record: ExecutionRecord) -> Event:
        """A new execution, without steps yet."""
        detail = changes(None, record)
        detail.pop("steps", None)
        return self._append(record.execution_id, EventKind.EXECUTION_CREATED, None, detail)

    def drive(self, wanted: str) -> Journal:
        """Take the execution's lease: the journal is its one writer until released.

        Held by another process, or already by this one, is an error that says by whom; a dead
        process's lease is taken over.
        """
        execution_id = self.find(wanted)
        held = lease.Lease(self._lease_path(execution_id), f"execution {execution_id}")
        try:
            return Journal(self._database, execution_id, held, self._clock)
        except BaseException:
            held.release()
            raise

    def driver(self, wanted: str) -> str | None:
        """Who drives the execution now, None when nobody does: an Executing one was then cut short."""
        return lease.holder(self._lease_path(self.find(wanted)))

    def append(
        self, execution_id: str, kind: str, step: str | None = None, detail: Mapping[str, Any] | None = None
    ) -> Event:
        """A line of history that changes nothing else; what drives an execution goes through `drive`."""
        if kind in EventKind.__members__.values():
            raise RecordError(
                f"{kind} has a method of its own",
                slug="event-not-free",
                where=execution_id,
                hint="see Journal",
            )
        return self._append(self.find(execution_id), kind, step, detail or {})

    def add_findings(self, execution_id: str, findings: Sequence[Finding]) -> Event:
        """What was found about an execution, by its driver or afterwards; known findings stay single."""
        detail = {"findings": tuple(findings)}
        return self._append(self.find(execution_id), EventKind.FINDINGS_ADDED, None, detail)

    def judge_findings(self, execution_id: str, findings: Sequence[Finding], codes: Collection[str]) -> Event:
        """What a judge of these codes finds now, in the place of all that was found under them before."""
        detail = {"findings": tuple(findings), "codes": tuple(sorted(codes))}
        return self._append(self.find(execution_id), EventKind.FINDINGS_JUDGED, None, detail)

    def request_stop(self, execution_id: str) -> Event:
        """Ask whoever drives the execution to stop it; a line of history that its driver looks for."""
        return self._append(self.find(execution_id), EventKind.STOP_REQUESTED, None, {})

    def stops_requested(self, execution_id: str, after: int = 0) -> int:
        """How often anybody asked for a stop beyond sequence number `after`."""
        row = self._database.row(
            "SELECT count(*) FROM events WHERE execution_id = ? AND sequence > ? AND kind = ?",
            (execution_id, after, EventKind.STOP_REQUESTED.value),
        )
        return int(row[0]) if row else 0

    def last_sequence(self, execution_id: str) -> int:
        """The sequence number of the execution's latest event."""
        row = self._database.row("SELECT max(sequence) FROM events WHERE execution_id = ?", (execution_id,))
        return int(row[0] or 0) if row else 0

    def find(self, wanted: str) -> str:
        """The id of the execution that is meant: id, ARN, the beginning of an id, or `latest`."""
        return str(lookup.find(self._database, wanted)["execution_id"])

    def execution(self, wanted: str) -> ExecutionRecord:
        """The execution that is meant, as of now."""
        with self._database.reading():
            return self._read(lookup.find(self._database, wanted))

    def step(self, execution_id: str, name: str) -> StepRecord | None:
        """One step of an execution, None if it never started there."""
        rows = self._database.rows(f"{_STEPS} AND steps.name = ?", (execution_id, name))
        return _read_step(rows[0]) if rows else None

    def latest(self) -> ExecutionRecord:
        """The execution that was created last."""
        return self.execution(lookup.LATEST)

    def events(self, execution_id: str, after: int = 0) -> tuple[Event, ...]:
        """The history beyond sequence number `after`; ask again with the last one seen to follow."""
        rows = self._database.rows(
            "SELECT * FROM events WHERE execution_id = ? AND sequence > ? ORDER BY sequence",
            (execution_id, after),
        )
        return tuple(events.read(row) for row in rows)

    def job(self, name_or_arn: str) -> JobRecord:
        """One job, by name or ARN."""
        row = self._database.row("SELECT * FROM jobs WHERE name = ? OR arn = ?", (name_or_arn, name_or_arn))
        if row is None:
            raise RecordError(
                f"there is no job {name_or_arn!r}",
                slug="unknown-job",
                where=str(self.path),
                hint="`seatrial status --json` lists the jobs of an execution",
            )
        return read_job(row)

    def jobs(self, execution_id: str) -> tuple[JobRecord, ...]:
        """Every job of an execution, each attempt's own, by step and attempt."""
        rows = self._database.rows(
            "SELECT * FROM jobs WHERE execution_id = ? ORDER BY step_name, attempt", (execution_id,)
        )
        return tuple(read_job(row) for row in rows)

    def list(self, pipeline_name: str | None = None, limit: int | None = None) -> Sequence[ExecutionRecord]:
        """Executions, newest first, of one pipeline or of all."""
        with self._database.reading():
            rows = self._database.rows(
                "SELECT * FROM executions WHERE ? IS NULL OR pipeline_name = ? "
                "ORDER BY position DESC LIMIT ?",
                (pipeline_name, pipeline_name, -1 if limit is None else limit),
            )
            return [self._read(row) for row in rows]

    def successes(
        self, pipeline_name: str, step_name: str, step_type: str, engine: str
    ) -> tuple[Success, ...]:
        """Where a step of that name ran a job of its own under the engine and succeeded, the latest first.

        What a substitute gave in its place is no outcome of the step.
        """
        rows = self._database.rows(
            "SELECT executions.arn, executions.execution_id, steps.ended_at, jobs.parameters FROM steps "
            "JOIN executions ON executions.execution_id = steps.execution_id "
            "JOIN jobs ON jobs.name = steps.job_name "
            "WHERE steps.name = ? AND steps.type = ? AND steps.status = ? AND steps.reuse = 'null' "
            "AND steps.substitute IS NULL "
            "AND executions.pipeline_name = ? AND executions.engines = ? "
            "ORDER BY steps.ended_at DESC, steps.position DESC",
            # An execution that went on under another engine counts for neither.
            (step_name, step_type, StepStatus.SUCCEEDED.value, pipeline_name, json.dumps([engine])),
        )
        return tuple(read_success(row) for row in rows)

    def rebuild(self) -> None:
        """Derive every projection from the events again."""
        with self._database.writing():
            for table in ("executions", "steps", "jobs", "models", "model_packages", "callbacks"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608  # names are this line's own
            for row in self._database.rows("SELECT * FROM events ORDER BY time, execution_id, sequence"):
                events.project(self._database, events.read(row))

    def _append(self, execution_id: str, kind: str, step: str | None, detail: Mapping[str, Any]) -> Event:
        return events.append(self._database, execution_id, self._clock.now(), kind, step, detail)

    def _lease_path(self, execution_id: str) -> Path:
        return self.path.parent / "leases" / execution_id

    def _read(self, row: Row) -> ExecutionRecord:
        known = {name: row[name] for name in row.keys() if name != "position"}  # noqa: SIM118  # a Row iterates over values
        known["parameters"] = json.loads(row["parameters"])
        known["findings"] = json.loads(row["findings"])
        known["engines"] = json.loads(row["engines"])
        known["selection"] = json.loads(row["selection"])
        known["experiment"] = json.loads(row["experiment"])
        known["substitutes"] = json.loads(row["substitutes"])
        known["steps"] = self._steps(row["execution_id"])
        return EXECUTION.validate_python(known)

    def _steps(self, execution_id: str) -> tuple[StepRecord, ...]:
        rows = self._database.rows(f"{_STEPS} ORDER BY steps.position", (execution_id,))
        return tuple(_read_step(row) for row in rows)


def _read_step(row: Row) -> StepRecord:
    known = {name: row[name] for name in row.keys() if name not in ("position", "execution_id")}  # noqa: SIM118  # a Row iterates over values
    known["metadata"] = json.loads(row["metadata"])
    known["properties"] = json.loads(row["properties"])
    known["earlier"] = json.loads(row["earlier"])
    known["reuse"] = json.loads(row["reuse"])
    known["cache"] = json.loads(row["cache"])
    known["result"] = read_result(row["result"])
    return STEP.validate_python(known)
