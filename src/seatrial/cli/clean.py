"""`seatrial clean`."""

from __future__ import annotations

import click

from seatrial.app import cleaning
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, say


@click.command()
@click.option("--store", is_flag=True, help="Also the object store of this project, with its data.")
@click.option("--state", is_flag=True, help="Also the executions of this project: records, logs, manifests.")
@click.option("--images", is_flag=True, help="Also the images that seatrial built.")
@click.option("--cache", is_flag=True, help="Also the content cache, which all projects share.")
@click.option("--all", "everything", is_flag=True, help="All of these.")
@click.option("--yes", is_flag=True, help="Do not ask before removing data.")
def command(store: bool, state: bool, images: bool, cache: bool, everything: bool, yes: bool) -> None:
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
        click.confirm(f"This removes {wanted.described()}. Go on?", abort=True, err=True)
    for line in cleaning.clean(Parts(current_settings(), say), wanted):
        click.echo(line)
