"""`seatrial compare`."""

from __future__ import annotations

import click

from seatrial.app.comparing import compare
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, say
from seatrial.reports.agreement import agreement_report, show_agreement
from seatrial.reports.console import answers


@click.command()
@click.argument("first", metavar="[EXECUTION]", required=False)
@click.argument("second", metavar="[EXECUTION]", required=False)
@json_option
@click.pass_context
def command(ctx: click.Context, first: str | None, second: str | None, as_json: bool) -> None:
    """Say whether two executions did the same: how their steps ended, and what they wrote.

    Without a second, the one before it of the same pipeline; without any, the latest two. Execution ids
    and job names are left out of account; an archive is compared by the files in it. Exit code 0 if they
    agree, 1 if they differ.
    """
    agreement = compare(Parts(current_settings(), say), first, second)
    if as_json:
        click.echo(agreement_report(agreement).as_text())
    else:
        show_agreement(answers(), agreement)
    ctx.exit(int(not agreement.agree))
