"""`seatrial status`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, not_empty, say
from seatrial.ports.executions import ExecutionRecord
from seatrial.reports.console import answers
from seatrial.reports.json_report import one_status_report, status_report
from seatrial.reports.tables import executions_table, status_table


@click.command()
@click.argument("execution", required=False, callback=not_empty)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many executions to list.",
)
@json_option
def command(execution: str | None, limit: int, as_json: bool) -> None:
    """List the executions of this project, or show the steps of one.

    EXECUTION is an id, an ARN, the beginning of an id, or `latest`.
    """
    parts = Parts(current_settings(), say)
    if execution is not None:
        _tell_one(parts, parts.records.execution(execution), as_json)
        return
    records = list(parts.records.list(limit=limit))
    if as_json:
        click.echo(status_report(records).as_text())
    elif records:
        answers().print(
            executions_table(records, parts.clock.now(), abandoned=trial.abandoned(parts, records))
        )
    else:
        say(f"nothing has been run in {Path.cwd()} yet; `seatrial run PIPELINE` begins an execution")


def _tell_one(parts: Parts, record: ExecutionRecord, as_json: bool) -> None:
    definition = trial.definition_of(record)
    if as_json:
        click.echo(one_status_report(record, definition).as_text())
        return
    click.echo(
        f"{record.arn}: {record.status.value}, engine {' and '.join(record.engines)}"
        + (f", {record.failure_reason}" if record.failure_reason else "")
    )
    if trial.abandoned(parts, [record]):
        click.echo(f"its process has ended before it did; go on with: seatrial resume {record.execution_id}")
    waiting = [(name, definition.steps_by_name[name].type) for name in trial.not_started(record, definition)]
    answers().print(status_table(record, waiting, parts.clock.now()))
