"""`seatrial outputs`."""

from __future__ import annotations

import json

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, execution_argument, json_option, say
from seatrial.outputs import read_output_name
from seatrial.outputs.download import find_output
from seatrial.reports.console import answers
from seatrial.reports.contents import profiled, show_profiles
from seatrial.reports.located import show_rows
from seatrial.reports.tables import outputs_table


@click.command()
@execution_argument
@click.option("--profile", is_flag=True, help="Show what they hold: columns, rows, nulls, ranges, members.")
@click.option("--of", metavar="STEP.OUTPUT", multiple=True, help="Show what this one holds; may be repeated.")
@json_option
def command(execution: str, profile: bool, of: tuple[str, ...], as_json: bool) -> None:
    """List what the steps of an execution wrote: the registry of outputs.

    [default: the latest execution] With --json, what each output holds is in its metadata.
    """
    told = trial.recorded(Parts(current_settings(), say), execution)
    registry = told.registry
    for step, name in map(read_output_name, of):
        find_output(registry, step, name)
    if as_json:
        click.echo(json.dumps(registry.export_to_manifest(), indent=2))
    elif profile or of:
        found = profiled(registry, of)
        show_profiles(answers(), found)
        if told.flow.contents.note:
            say(told.flow.contents.note)
        if not found:
            say("there is no table and no archive in what was written, or nobody looked")
    elif registry.list_all_steps():
        show_rows(answers(), outputs_table(registry))
    else:
        say("no step has written an output")
