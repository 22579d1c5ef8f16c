"""`seatrial plan`."""

from __future__ import annotations

from dataclasses import replace

import click

from seatrial.app.local_files import adopt_local_files
from seatrial.app.parts import Parts
from seatrial.app.preflight import lost_inputs, missing_inputs, preflight
from seatrial.cli.asked import Asked, asking_for_a_trial
from seatrial.cli.options import current_settings, json_option, say
from seatrial.reports.console import answers
from seatrial.reports.plan import plan_report, show_plan


@click.command()
@asking_for_a_trial
@json_option
def command(asked: Asked, as_json: bool) -> None:
    """Show what a run would do: steps in order, images, external inputs, findings. Runs nothing.

    PIPELINE is a definition.json, a pipeline.py, module:attribute, or a folder made by `seatrial
    compile`. Exit code 2 if the service would refuse the definition.
    """
    loaded = asked.load(Parts(current_settings(), say))
    view = preflight(loaded.parts, adopt_local_files(loaded.parts, loaded.wishes)).view
    lost = tuple(lost_inputs(loaded.parts, view, loaded.parts.running_store))
    view = replace(view, findings=(*view.findings, *missing_inputs(view.inputs), *lost), lost=lost)
    if as_json:
        click.echo(plan_report(view).as_text())
    else:
        show_plan(answers(), view)
