"""`seatrial status`."""

from __future__ import annotations

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, say
from seatrial.reports.console import answers
from seatrial.reports.json_report import status_report
from seatrial.reports.tables import executions_table, status_table


@click.command()
@click.argument("execution", required=False)
@click.option("-n", "--limit", default=20, show_default=True, help="How many executions to list.")
@json_option
def command(execution: str | None, limit: int, as_json: bool) -> None:
    """List the executions of this project, or show the steps of one.

    EXECUTION is an id, an ARN, the beginning of an id, or `latest`.
    """
    parts = Parts(current_settings(), say)
    records = [parts.records.execution(execution)] if execution else list(parts.records.list(limit=limit))
    if as_json:
        click.echo(status_report(records).as_text())
    elif not execution:
        answers().print(executions_table(records))
    else:
        record = records[0]
        click.echo(
            f"{record.arn}: {record.status.value}"
            + (f", {record.failure_reason}" if record.failure_reason else "")
        )
        definition = trial.definition_of(record)
        waiting = [
            (name, definition.steps_by_name[name].type) for name in trial.not_started(record, definition)
        ]
        answers().print(status_table(record, waiting, parts.clock.now()))
