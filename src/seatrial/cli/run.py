"""`seatrial run`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import (
    current_settings,
    engine_option,
    fail_on_option,
    jobs_option,
    json_option,
    parameter_options,
    pipeline_argument,
    read_parameters,
    say,
    seed_options,
)
from seatrial.cli.watching import conclude, watched
from seatrial.sessions.loaded import load


@click.command()
@pipeline_argument
@parameter_options
@seed_options
@jobs_option
@engine_option
@fail_on_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    pipeline: str,
    parameters: tuple[str, ...],
    parameters_file: Path | None,
    prefix: str | None,
    seeds: tuple[str, ...],
    seeds_file: Path | None,
    jobs: int | None,
    engine: str,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Run a pipeline end to end, then check its data flow.

    PIPELINE is a definition.json, a pipeline.py, module:attribute, or a folder made by `seatrial
    compile`. Progress goes to stderr. Ctrl-C stops it cleanly; `seatrial resume` goes on.

    \b
    Examples:
      seatrial run pipeline.py
      seatrial run definition.json -p InstanceType=ml.m5.large --seed s3://bucket/raw=./data
      seatrial run pipeline.py --json > result.json
    """
    loaded = load(
        Parts(current_settings(jobs=jobs), say),
        pipeline,
        parameters=read_parameters(parameters, parameters_file),
        prefix=prefix,
        seeds=seeds,
        seeds_file=seeds_file,
        engine=engine,
    )
    with watched(loaded.parts) as (control, started):
        ended = trial.run(loaded.parts, loaded.wishes, control, started)
    conclude(ctx, loaded.parts, ended, fail_on, as_json)
