"""`seatrial logs`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import click

from seatrial.app.logs import growing, log_of
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, execution_last, json_option, say


@click.command()
@click.argument("step", metavar="STEP")
@execution_last
@click.option("--attempt", type=click.IntRange(min=1), help="Which attempt. [default: the last]")
@click.option("--job", metavar="JOB", help="Of a tuning step: which training job, by number or name.")
@click.option("-f", "--follow", "follow", is_flag=True, help="Go on while the step runs.")
@json_option
def command(
    step: str, execution: str, attempt: int | None, job: str | None, follow: bool, as_json: bool
) -> None:
    """Print the whole log of a STEP: everything its container wrote to stdout and stderr."""
    parts = Parts(current_settings(), say)
    log = log_of(parts, execution, step, attempt, job)
    pieces: Iterable[bytes] = growing(parts, execution, step, log) if follow else [log.read_bytes()]
    if as_json:
        text = b"".join(pieces).decode("utf-8", errors="replace")
        click.echo(json.dumps({"file": str(log), "text": text}))
        return
    out = sys.stdout.buffer
    printed = False
    for piece in pieces:
        printed = bool(out.write(piece)) or printed
        out.flush()
    if not printed:
        say(f"the log of step {step} is empty; why it ended so: seatrial status {execution}")
