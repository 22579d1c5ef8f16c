"""`seatrial outputs`."""

from __future__ import annotations

import json

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, execution_argument, json_option, say
from seatrial.reports.console import answers
from seatrial.reports.located import show_rows
from seatrial.reports.tables import outputs_table


@click.command()
@execution_argument
@json_option
def command(execution: str, as_json: bool) -> None:
    """List what the steps of an execution wrote: the registry of outputs.

    [default: the latest execution]
    """
    registry = trial.recorded(Parts(current_settings(), say), execution).registry
    if as_json:
        click.echo(json.dumps(registry.export_to_manifest(), indent=2))
    elif registry.list_all_steps():
        show_rows(answers(), outputs_table(registry))
    else:
        say("no step has written an output")
