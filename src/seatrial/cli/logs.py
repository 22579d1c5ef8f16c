"""`seatrial logs`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from seatrial.app.logs import growing, log_of
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, say


@click.command()
@click.argument("step", metavar="STEP")
@click.option(
    "-e", "--execution", default="latest", show_default=True, help="Id, ARN, or the beginning of an id."
)
@click.option("--attempt", type=int, help="Which attempt. [default: the last]")
@click.option("-f", "--follow", "follow", is_flag=True, help="Go on while the step runs.")
def command(step: str, execution: str, attempt: int | None, follow: bool) -> None:
    """Print the whole log of a STEP: everything its container wrote to stdout and stderr."""
    parts = Parts(current_settings(), say)
    log = log_of(parts, execution, step, attempt)
    out = sys.stdout.buffer
    pieces: Iterable[bytes] = growing(parts, execution, step, log) if follow else [log.read_bytes()]
    for piece in pieces:
        out.write(piece)
        out.flush()
