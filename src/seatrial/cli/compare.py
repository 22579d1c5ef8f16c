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
    """Say whether two executions ended the same and wrote the same.

    Without a second, the one before it of the same pipeline; without any, the latest two. Compared are the
    status of the executions and of each step, why a step failed, and every object that a job wrote, by its
    place, name and content; of a .tar.gz the files and links in it. Not compared: parameters, logs, metrics,
    models and packages that were registered, folders, times. Execution ids, prefixes and job names are left
    out of account.

    What differs for a known reason that is no fault is listed as `excepted` and does not count: exit code 0
    if nothing else differs, 1 if something does. A step that was taken from an earlier execution (a cache
    hit, --only, --from) is not compared; where that leaves no job that both ran, the exit code is 1 too.

    \b
      seatrial run pipeline.py
      seatrial run pipeline.py --engine local-mode --no-cache
      seatrial compare
    """
    agreement = compare(Parts(current_settings(), say), first, second)
    if as_json:
        click.echo(agreement_report(agreement).as_text())
    else:
        show_agreement(answers(), agreement)
    ctx.exit(int(not agreement.agree))
