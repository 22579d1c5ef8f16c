"""`seatrial check`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.preflight import preflight
from seatrial.app.sarif import write_sarif, write_sarif_of_pipeline
from seatrial.cli.options import current_settings, fail_on_option, json_option, not_empty, sarif_option, say
from seatrial.cli.portability import offering_portability
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding, fails
from seatrial.reports.console import answers
from seatrial.reports.findings import show_findings
from seatrial.reports.json_report import findings_report
from seatrial.sessions import names_pipeline
from seatrial.sessions.loaded import load


@click.command()
@click.argument("execution", metavar="[EXECUTION|PIPELINE]", default="latest", callback=not_empty)
@offering_portability
@sarif_option
@fail_on_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, execution: str, sarif: Path | None, fail_on: str | None, as_json: bool
) -> None:
    """Judge the data flow of an execution: what was declared against what was really read and written.

    The latest execution if none is named. A pipeline (a .json or .py file, module:attribute, or a
    compiled folder) is judged by its definition alone. Exit code 1 for findings at or above --fail-on.

    With --portability the pipeline is run twice, step cache off, and what ties it to its first place is
    found: data and code of the first run that the second reads, URIs that were frozen into text, files
    that are missing or hold something else, steps that fail.

    \b
    Examples:
      seatrial check
      seatrial check pipeline.py
      seatrial check pipeline.py --portability --second-region eu-west-1
    """
    parts = Parts(current_settings(), say)
    judge = _of_pipeline if names_pipeline(execution) else _of_execution
    findings = judge(parts, execution, sarif)
    if as_json:
        click.echo(findings_report(findings).as_text())
    else:
        show_findings(answers(), findings)
    ctx.exit(int(fails(findings, fail_on or parts.settings.fail_on)))


def _of_execution(parts: Parts, named: str, sarif: Path | None) -> tuple[Finding, ...]:
    findings = trial.judge_again(parts, named)
    if sarif is not None:
        write_sarif(parts, trial.recorded(parts, named), sarif)
    return findings


def _of_pipeline(parts: Parts, named: str, sarif: Path | None) -> tuple[Finding, ...]:
    """A definition that is refused has its findings in the file as well."""
    loaded = load(parts, named)
    name = loaded.wishes.pipeline_name
    try:
        flight = preflight(parts, loaded.wishes)
    except DefinitionError as refused:
        if sarif is not None:
            write_sarif_of_pipeline(parts, named, name, refused.findings, None, sarif)
        raise
    if sarif is not None:
        write_sarif_of_pipeline(parts, named, name, flight.findings, flight.definition, sarif)
    return flight.findings
