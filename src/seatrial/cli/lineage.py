"""`seatrial lineage`."""

from __future__ import annotations

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, execution_argument, json_option, say
from seatrial.dataflow import lineage_of
from seatrial.reports.console import answers
from seatrial.reports.located import show_rows
from seatrial.reports.tables import lineage_table


@click.command()
@execution_argument
@json_option
def command(execution: str, as_json: bool) -> None:
    """Show which data went from which step to which, from external inputs to model packages.

    [default: the latest execution]
    """
    lineage = lineage_of(trial.recorded(Parts(current_settings(), say), execution).flow)
    if as_json:
        click.echo(lineage.model_dump_json(indent=2))
    elif lineage.entries or lineage.sinks:
        show_rows(answers(), lineage_table(lineage))
    else:
        say("no step has read data, and none has registered a model")
