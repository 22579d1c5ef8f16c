"""Tables of what is kept: outputs, lineage, executions, steps; each takes a value and gives a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rich.table import Table
from rich.text import Text

from seatrial.dataflow import Lineage
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord, StepRecord
from seatrial.reports.console import table
from seatrial.reports.live import steps_table
from seatrial.reports.located import LocatedRows
from seatrial.reports.progress import StepLine, miss_text, reused_text
from seatrial.reports.text import shown, size_text, time_text


def outputs_table(registry: S3OutputPathRegistry) -> LocatedRows:
    """Step, output, objects, bytes, URI; a planned registry has no objects yet."""
    made = LocatedRows("STEP", "OUTPUT", "OBJECTS", "SIZE", "URI", right=frozenset({"OBJECTS", "SIZE"}))
    for step in registry.list_all_steps():
        for info in registry.get_all_step_outputs(step).values():
            count, size = info.metadata.get("count"), info.metadata.get("bytes")
            made.add_row(
                Text.assemble(
                    shown(step), (" (substituted)" if info.metadata.get("substitute") else "", "yellow")
                ),
                shown(info.logical_name),
                shown("" if count is None else count),
                shown("" if size is None else size_text(size)),
                shown(info.s3_uri),
            )
    return made


def lineage_table(lineage: Lineage) -> LocatedRows:
    """From, to, objects, URI; what comes from outside is named by its URI alone."""
    made = LocatedRows("FROM", "TO", "OBJECTS", "URI", right=frozenset({"OBJECTS"}))
    for entry in lineage.entries:
        source = f"{entry.from_step}.{entry.from_output}" if entry.from_step else "(external)"
        source += " (substituted)" if entry.substituted else ""
        made.add_row(
            shown(source, "" if entry.from_step else "dim"),
            shown(f"{entry.to_step}.{entry.to_input}"),
            shown(len(entry.objects) or ""),
            shown(entry.s3_uri),
        )
    for sink in lineage.sinks:
        made.add_row(shown(sink.step), shown("(model registry)", "dim"), shown(""), shown(sink.arn))
    return made


def executions_table(
    records: Iterable[ExecutionRecord], now: datetime, *, abandoned: frozenset[str] = frozenset()
) -> Table:
    """One row an execution; `abandoned` are the ids of those whose process ended before they did.

    The engine is told where one of them had another than the native one.
    """
    known = list(records)
    engine = ["ENGINE"] if any(record.engines != ("native",) for record in known) else []
    columns = ("EXECUTION", "PIPELINE", "STATUS", *engine, "STARTED", "TIME", "STEPS")
    made = table(*columns, right=frozenset({"TIME", "STEPS"}))
    for record in known:
        until = record.ended_at or (None if record.execution_id in abandoned else now)
        took = (until - record.started_at).total_seconds() if until else None
        made.add_row(
            shown(record.execution_id),
            shown(record.pipeline_name),
            shown(record.status.value + (", abandoned" if record.execution_id in abandoned else "")),
            *(shown(" and ".join(record.engines)) for _ in engine),
            shown(record.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")),
            shown(time_text(took)),
            shown(len(record.steps)),
        )
    return made


def status_table(record: ExecutionRecord, waiting: Iterable[tuple[str, str]], now: datetime) -> Table:
    """The steps of an execution as the live table shows them; `waiting` are (name, type) not started."""
    lines = [line_of(step) for step in record.steps]
    if record.ended_at is not None:  # what went on after its step went on no longer than this
        lines = [replace(line, progress=None) for line in lines]
    left = [StepLine(name, kind) for name, kind in waiting]
    return steps_table([*lines, *left], now, unbegun="waiting" if record.ended_at is None else "not started")


def line_of(step: StepRecord) -> StepLine:
    """A recorded step as a line of the live table; one that ran nothing moved nothing."""
    result = step.result if step.reuse is None else None
    # A function or a message has no data to move.
    ran = result if result and (result.inputs or result.outputs) else None
    return StepLine(
        name=step.name,
        type=step.type,
        status=step.status,
        attempts=step.attempts,
        started_at=step.started_at,
        ended_at=step.ended_at,
        bytes_in=sum(o.size for r in ran.inputs for o in r.objects) if ran else None,
        bytes_out=sum(o.size for r in ran.outputs for o in r.objects) if ran else None,
        progress=step.progress,
        failure_reason=step.failure_reason,
        reused=reused_text(step.reuse) if step.reuse else None,
        cache_miss=miss_text(step.cache),
        substitute=step.substitute,
    )
