"""`seatrial plan`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from seatrial.app.local_files import adopt_local_files
from seatrial.app.parts import Parts
from seatrial.app.preflight import missing_inputs, preflight
from seatrial.cli.options import (
    current_settings,
    engine_option,
    json_option,
    parameter_options,
    pipeline_argument,
    read_parameters,
    say,
    seed_options,
)
from seatrial.reports.console import answers
from seatrial.reports.plan import plan_report, show_plan
from seatrial.sessions.loaded import load


@click.command()
@pipeline_argument
@parameter_options
@seed_options
@engine_option
@json_option
def command(
    pipeline: str,
    parameters: tuple[str, ...],
    parameters_file: Path | None,
    prefix: str | None,
    seeds: tuple[str, ...],
    seeds_file: Path | None,
    engine: str,
    as_json: bool,
) -> None:
    """Show what a run would do: steps in order, images, external inputs, findings. Runs nothing.

    PIPELINE is a definition.json, a pipeline.py, module:attribute, or a folder made by `seatrial
    compile`. Exit code 2 if the service would refuse the definition.
    """
    loaded = load(
        Parts(current_settings(), say),
        pipeline,
        parameters=read_parameters(parameters, parameters_file),
        prefix=prefix,
        seeds=seeds,
        seeds_file=seeds_file,
        engine=engine,
    )
    view = preflight(loaded.parts, adopt_local_files(loaded.parts, loaded.wishes)).view
    view = replace(view, findings=(*view.findings, *missing_inputs(view.inputs)))
    if as_json:
        click.echo(plan_report(view).as_text())
    else:
        show_plan(answers(), view)
