"""`seatrial report`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.report import write_html, write_junit
from seatrial.app.sarif import write_sarif
from seatrial.cli.options import (
    current_settings,
    execution_argument,
    fail_on_option,
    json_option,
    sarif_option,
    say,
)
from seatrial.reports.json_report import ReportFiles

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@execution_argument
@click.option(
    "-o", "--output", type=_FILE, help="The HTML file. [default: report.html in the execution's folder]"
)
@click.option("--junit", type=_FILE, metavar="FILE", help="Also write JUnit XML for a CI system.")
@sarif_option
@fail_on_option
@json_option
def command(
    execution: str,
    output: Path | None,
    junit: Path | None,
    sarif: Path | None,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Write an execution as one HTML file: graph, timeline, logs, data, findings, lineage.

    [default: the latest execution] It opens anywhere, loads nothing and runs no script. With --junit,
    findings at or above --fail-on are failures; the exit code says only whether the files were written.
    """
    parts = Parts(current_settings(), say)
    told = trial.recorded(parts, execution)
    html = write_html(parts, told, output)
    if junit is not None:
        write_junit(parts, told, junit, fail_on or parts.settings.fail_on)
    if sarif is not None:
        write_sarif(parts, told, sarif)
    if as_json:
        files = ReportFiles(
            html=str(html), junit=str(junit) if junit else None, sarif=str(sarif) if sarif else None
        )
        click.echo(files.as_text())
    else:
        for file in filter(None, (html, junit, sarif)):
            click.echo(str(file))
