"""`seatrial seed`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from seatrial.app import seeding
from seatrial.app.parts import Parts
from seatrial.cli.options import (
    current_settings,
    json_option,
    parameter_options,
    pipeline_argument,
    read_parameters,
    say,
)
from seatrial.sessions.loaded import load


@click.command()
@pipeline_argument
@parameter_options
@click.option(
    "-o",
    "--output",
    default=Path("seeds.toml"),
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, or to add to.",
)
@click.option("--seed", "seeds", multiple=True, metavar="S3_URI=PATH", help="Fill in this input.")
@click.option(
    "--sample",
    is_flag=True,
    help="Fill in what is still open with a sample from real S3 (your AWS credentials).",
)
@click.option("--max-objects", default=20, show_default=True, help="Of a sample, for each input.")
@click.option("--max-bytes", default=100_000_000, show_default=True, help="Of a sample, for each input.")
@json_option
def command(
    pipeline: str,
    parameters: tuple[str, ...],
    parameters_file: Path | None,
    prefix: str | None,
    output: Path,
    seeds: tuple[str, ...],
    sample: bool,
    max_objects: int,
    max_bytes: int,
    as_json: bool,
) -> None:
    """Write seeds.toml: local data for every input that the pipeline expects in S3.

    A line for each external input, to be filled in with a folder or a file. What the file already
    says stays as it is. `seatrial run` reads seeds.toml where it lies beside the pipeline, or here.
    """
    parts = Parts(current_settings(), say)
    loaded = load(parts, pipeline, parameters=read_parameters(parameters, parameters_file), prefix=prefix)
    limits = seeding.Limits(max_objects, max_bytes) if sample else None
    brought = frozenset(loaded.compiled.uploads)
    was_there = output.exists()
    still_open = seeding.write(loaded.wishes, output, seeds, limits, say, brought=brought, parts=parts)
    if as_json:
        click.echo(json.dumps({"file": str(output), "inputs_to_fill_in": still_open}))
        return
    click.echo(f"wrote {output}" + ("; what it said before is kept" if was_there else ""))
    for uri in still_open:
        click.echo(f"fill in: {uri}")
    click.echo(f"then: seatrial run {pipeline}")
