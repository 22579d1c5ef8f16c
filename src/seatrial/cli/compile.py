"""`seatrial compile`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, pipeline_argument, say, seed_options
from seatrial.sessions import write_folder
from seatrial.sessions.loaded import load


@click.command()
@pipeline_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder to write.",
)
@seed_options
@json_option
def command(
    pipeline: str, output: Path, seeds: tuple[str, ...], seeds_file: Path | None, as_json: bool
) -> None:
    """Compile a pipeline to a folder that runs anywhere.

    The folder holds definition.json, the objects that compiling uploaded, and seeds.toml. `seatrial
    run DIR` needs no SageMaker SDK and nothing in the store.
    """
    loaded = load(Parts(current_settings(), say), pipeline, seeds=seeds, seeds_file=seeds_file)
    still_open = write_folder(loaded.compiled, output, loaded.parts.store, loaded.seeds)
    if as_json:
        click.echo(json.dumps({"folder": str(output), "inputs_to_fill_in": [str(uri) for uri in still_open]}))
        return
    click.echo(f"wrote {output / 'definition.json'}, its objects and seeds.toml")
    for uri in still_open:
        click.echo(f"fill in seeds.toml: {uri}")
    click.echo(f"run it with: seatrial run {output}")
