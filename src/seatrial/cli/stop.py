"""`seatrial stop`."""

from __future__ import annotations

import click

from seatrial.app.parts import Parts
from seatrial.app.stopping import stop
from seatrial.app.trial import definition_of
from seatrial.cli.options import current_settings, execution_argument, json_option, say
from seatrial.ports.executions import ExecutionStatus
from seatrial.reports.json_report import one_status_report


@click.command()
@execution_argument
@click.option("--wait/--no-wait", default=True, help="Wait until nothing of it runs any more. [default: yes]")
@json_option
def command(execution: str, wait: bool, as_json: bool) -> None:
    """Stop an execution that runs in another terminal, or that lost its process.

    Containers get SIGTERM and their grace, nothing new starts, a step that waits for a retry waits no
    longer. The answer of a Callback step is waited for, until a stop is asked for once more. `seatrial
    resume` goes on with it. [default: the latest execution]
    """
    parts = Parts(current_settings(), say)
    record = stop(parts, execution, wait=wait)
    if as_json:
        click.echo(one_status_report(record, definition_of(record)).as_text())
        return
    click.echo(f"{record.arn}: {record.status.value}")
    if record.status is ExecutionStatus.STOPPED:
        click.echo(f"go on with: seatrial resume {record.execution_id}")
    elif record.ended_at is None:
        click.echo("asked to stop; `seatrial status` shows when it has")
