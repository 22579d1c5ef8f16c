"""`seatrial download`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, execution_last, json_option, say
from seatrial.outputs import download, read_output_name
from seatrial.reports.json_report import DownloadReport


@click.command()
@click.argument("output", metavar="STEP.OUTPUT")
@click.argument("folder", metavar="[FOLDER]", default=".", type=click.Path(path_type=Path, file_okay=False))
@execution_last
@json_option
def command(output: str, folder: Path, execution: str, as_json: bool) -> None:
    """Fetch what a step wrote for one output into FOLDER. [default: the current folder]

    `seatrial outputs` lists what there is; a training step's are Train.model and Train.output.
    """
    step, name = read_output_name(output)
    parts = Parts(current_settings(), say)
    files = download(parts.store, trial.recorded(parts, execution).registry, step, name, folder)
    if as_json:
        click.echo(DownloadReport(files=tuple(map(str, files))).as_text())
    else:
        for file in files:
            click.echo(str(file))
