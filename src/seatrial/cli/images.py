"""`seatrial images`: list, build, remove."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, say


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the images that stand in for SageMaker's; `build` and `remove` them.

    Rules of your own stand under [images] in seatrial.toml: a pattern of image URIs to a local image.
    """
    if ctx.invoked_subcommand:
        return
    rows = Parts(current_settings(), say).images.list()
    if as_json:
        click.echo(json.dumps({"images": [asdict(row) for row in rows]}))
        return
    for row in rows:
        size = f"{row.size / 1e6:.0f} MB" if row.size else "not built"
        click.echo(f"{row.reference:<44} {size:>10}  {row.about}")
        for served in row.serves:
            click.echo(f"{'':<4}serves {served}")


@command.command()
@click.argument("names", nargs=-1)
@json_option
def build(names: tuple[str, ...], as_json: bool) -> None:
    """Build the images of these NAMES, or all of them; nothing is built whose inputs have not changed."""
    images = Parts(current_settings(), say).images
    built = map(images.ensure, names or tuple(row.name for row in images.list()))
    if as_json:
        click.echo(json.dumps({"built": list(built)}))
        return
    for reference in built:
        click.echo(reference)


@command.command()
@click.option("--stale", is_flag=True, help="Only those of older recipes.")
@json_option
def remove(stale: bool, as_json: bool) -> None:
    """Remove the images that seatrial built."""
    gone = Parts(current_settings(), say).images.remove(stale_only=stale)
    if as_json:
        click.echo(json.dumps({"removed": gone}))
        return
    for reference in gone:
        click.echo(f"removed {reference}")
