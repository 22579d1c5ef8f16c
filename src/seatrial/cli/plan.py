"""`seatrial plan`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app.parts import Parts
from seatrial.app.planning import planned
from seatrial.cli.asked import Asked, asking_for_a_trial
from seatrial.cli.options import current_settings, json_option, say
from seatrial.cli.role_policy import given, role_policy_option
from seatrial.errors import EnvironmentUnfitError, SeatrialError
from seatrial.reports.console import answers
from seatrial.reports.plan import plan_report, show_plan
from seatrial.reports.refusal import refusal_text
from seatrial.reports.verdict import refusal_line, refusal_report


@click.command()
@asking_for_a_trial
@role_policy_option
@json_option
@click.pass_context
def command(ctx: click.Context, asked: Asked, role_policy: tuple[Path, ...], as_json: bool) -> None:
    """Show what a run would do: steps in order, images, external inputs, findings. Runs nothing.

    PIPELINE is a definition.json, a pipeline.py, module:attribute, or a folder made by `seatrial
    compile`. The last line says whether it runs here, with which substitutes, or why not. Exit code 2
    if the service would refuse the definition.
    """
    parts = Parts(current_settings(role_policy=given(role_policy)), say)
    try:
        loaded = asked.load(parts)
        view = planned(loaded.parts, loaded.wishes)
    except EnvironmentUnfitError:
        raise  # of a machine that cannot look, no verdict on the pipeline follows
    except SeatrialError as refused:
        _show_refusal(refused, as_json)
        ctx.exit(refused.exit_code)
    if as_json:
        click.echo(plan_report(view).as_text())
    else:
        show_plan(answers(), view)


def _show_refusal(refused: SeatrialError, as_json: bool) -> None:
    """The findings where every refusal puts them, the verdict where a plan's stands."""
    click.echo(refusal_text(refused), err=True)
    if as_json:
        click.echo(refusal_report(refused).as_text())
    else:
        answers().print(refusal_line(refused), soft_wrap=True)
