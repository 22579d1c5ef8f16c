"""Compares two executions of the project; asks for the store only where the records do not tell."""

from __future__ import annotations

from seatrial.app.parts import Parts
from seatrial.app.trial import definition_of
from seatrial.errors import RefusedError
from seatrial.outputs import (
    Agreement,
    Origin,
    Side,
    StoredContents,
    agreement_of,
    engines_by_step,
    origin_of,
    registry_of,
    side_of,
)
from seatrial.ports.executions import ExecutionRecord, StepRecord
from seatrial.records import Records


def compare(parts: Parts, first: str | None, second: str | None) -> Agreement:
    """The two that are meant; without `second`, the one before `first` of the same pipeline.

    They stand in the order in which they are named, the older one first where one is left out.
    """
    _refuse_empty(first, second)
    one = parts.records.execution("latest" if first is None else first)
    pair = (_before(parts, one), one) if second is None else (one, parts.records.execution(second))
    _refuse_itself(*pair)
    earlier, later = (side_of_record(parts, record) for record in pair)
    return agreement_of(earlier, later, StoredContents(lambda: parts.running_store))


def _refuse_empty(*names: str | None) -> None:
    # An empty name is a script's lost variable, and the latest execution is not what it meant.
    if any(name is not None and not name.strip() for name in names):
        raise RefusedError(
            "the name of an execution is empty",
            slug="empty-name",
            where="seatrial compare",
            hint="leave it out for the latest, or name one that `seatrial status` lists",
        )


def _refuse_itself(first: ExecutionRecord, second: ExecutionRecord) -> None:
    if first.execution_id == second.execution_id:
        raise RefusedError(
            f"both names mean execution {first.execution_id}, which agrees with itself",
            slug="same-execution",
            where=first.arn,
            hint=f"name another, or none for the one before it: seatrial compare {first.execution_id}",
        )


def side_of_record(parts: Parts, record: ExecutionRecord) -> Side:
    """An execution as it is compared; one that has not ended is refused."""
    if record.ended_at is None:
        raise RefusedError(
            f"execution {record.execution_id} has not ended",
            slug="not-ended",
            where=record.arn,
            hint=f"compare it when it has; if nothing drives it: seatrial resume {record.execution_id}",
        )
    origins = {step.name: _origin(parts.records, record, step) for step in record.steps}
    return side_of(record, registry_of(record, definition_of(record)), origins)


def _origin(records: Records, record: ExecutionRecord, step: StepRecord) -> Origin:
    """Where the step was really run: a source of a selection may have taken it from elsewhere itself."""
    found: StepRecord | None = step
    while found is not None and found.reuse is not None:
        record = records.execution(found.reuse.source_arn)
        found = record.step(step.name)
    if len(record.engines) == 1:
        return origin_of(record)
    return origin_of(record, engines_by_step(records.events(record.execution_id)).get(step.name))


def _before(parts: Parts, record: ExecutionRecord) -> ExecutionRecord:
    """The execution of the same pipeline that began last before this one."""
    known = [each.execution_id for each in parts.records.list(record.pipeline_name)]
    older = known[known.index(record.execution_id) + 1 :]
    if not older:
        raise RefusedError(
            f"{record.execution_id} is the first execution of {record.pipeline_name}; none came before it",
            slug="nothing-to-compare",
            where=record.arn,
            hint="name the other: seatrial compare EXECUTION EXECUTION",
        )
    return parts.records.execution(older[0])
