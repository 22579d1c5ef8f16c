"""`seatrial check`."""

from __future__ import annotations

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.preflight import preflight
from seatrial.cli.options import current_settings, fail_on_option, json_option, not_empty, say
from seatrial.ports.findings import Finding, fails
from seatrial.reports.console import answers
from seatrial.reports.findings import show_findings
from seatrial.reports.json_report import findings_report
from seatrial.sessions import names_pipeline
from seatrial.sessions.loaded import load


@click.command()
@click.argument("execution", metavar="[EXECUTION|PIPELINE]", default="latest", callback=not_empty)
@fail_on_option
@json_option
@click.pass_context
def command(ctx: click.Context, execution: str, fail_on: str | None, as_json: bool) -> None:
    """Judge the data flow of an execution: what was declared against what was really read and written.

    The latest execution if none is named. A pipeline (a .json or .py file, module:attribute, or a
    compiled folder) is judged by its definition alone. Exit code 1 for findings at or above --fail-on.
    """
    parts = Parts(current_settings(), say)
    if names_pipeline(execution):
        findings: tuple[Finding, ...] = preflight(parts, load(parts, execution).wishes).findings
    else:
        findings = trial.judge_again(parts, execution)
    if as_json:
        click.echo(findings_report(findings).as_text())
    else:
        show_findings(answers(), findings)
    ctx.exit(int(fails(findings, fail_on or parts.settings.fail_on)))
