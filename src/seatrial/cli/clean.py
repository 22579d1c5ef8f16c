"""`seatrial clean`."""

from __future__ import annotations

import json
import sys

import click

from seatrial.app import cleaning
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, say
from seatrial.errors import RefusedError


@click.command()
@click.option("--store", is_flag=True, help="Also the object store of this project, with its data.")
@click.option("--state", is_flag=True, help="Also the executions of this project: records, logs, manifests.")
@click.option("--images", is_flag=True, help="Also the images that seatrial built.")
@click.option("--cache", is_flag=True, help="Also the content cache, which all projects share.")
@click.option("--all", "everything", is_flag=True, help="All of these.")
@click.option("--yes", is_flag=True, help="Do not ask before removing data.")
@json_option
def command(
    store: bool, state: bool, images: bool, cache: bool, everything: bool, yes: bool, as_json: bool
) -> None:
    """Remove what seatrial left on this machine.

    Without options: only containers that a killed process left behind, and stale images. No data.
    """
    wanted = cleaning.Wanted(
        store=store or everything,
        state=state or everything,
        images=images or everything,
        cache=cache or everything,
    )
    if wanted.loses_data and not yes:
        _ask(wanted)
    gone = cleaning.clean(Parts(current_settings(), say), wanted)
    if as_json:
        click.echo(json.dumps({"removed": list(gone)}))
        return
    for what in gone:
        click.echo(f"removed {what}")


def _ask(wanted: cleaning.Wanted) -> None:
    if not sys.stdin.isatty():
        raise RefusedError(
            f"this would remove {wanted.described()}, and nobody is there to be asked",
            slug="not-confirmed",
            hint="add --yes",
        )
    click.confirm(f"This removes {wanted.described()}. Go on?", abort=True, err=True)
