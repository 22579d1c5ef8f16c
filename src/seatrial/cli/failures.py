"""How a command fails: message, where, what to type next, exit code; a traceback only for our own bugs."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator

import click

from seatrial.errors import SeatrialError

INTERRUPTED = 130  # 128 + SIGINT, as shells expect
OUR_BUG = 70  # EX_SOFTWARE of sysexits.h
JSON_KEY = "seatrial.json"


@contextlib.contextmanager
def report_failures(ctx: click.Context) -> Iterator[None]:
    """Turn what a command raises into text on stderr (JSON on stdout under `--json`) and an exit code."""
    try:
        yield
    except SeatrialError as error:
        _say(ctx, error)
        ctx.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        ctx.exit(INTERRUPTED)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception:  # noqa: BLE001  # the top of the program: whatever arrives here is a bug of ours
        traceback.print_exc()
        click.echo(
            "\nThis is a bug in seatrial, not in your pipeline. Please report it with the lines above.",
            err=True,
        )
        ctx.exit(OUR_BUG)


def _say(ctx: click.Context, error: SeatrialError) -> None:
    from seatrial.reports.refusal import refusal_json, refusal_text  # rich is slow to import

    if ctx.meta.get(JSON_KEY):
        click.echo(refusal_json(error))
    click.echo(refusal_text(error), err=True)


__all__ = ["INTERRUPTED", "JSON_KEY", "report_failures"]
