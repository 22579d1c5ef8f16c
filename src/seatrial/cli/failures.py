"""How a command fails: message, where, what to type next, exit code; a traceback only for our own bugs."""

from __future__ import annotations

import contextlib
import errno
import traceback
from collections.abc import Iterator

import click

from seatrial.errors import EnvironmentUnfitError, RefusedError, SeatrialError

INTERRUPTED = 130  # 128 + SIGINT, as shells expect
OUR_BUG = 70  # EX_SOFTWARE of sysexits.h
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@contextlib.contextmanager
def report_failures(ctx: click.Context) -> Iterator[None]:
    """Turn what a command raises into text on stderr (JSON on stdout under `--json`) and an exit code.

    `--json` is looked for among the words of the command line: of a wrong one, nothing else is known.
    """
    as_json = "--json" in ctx.args
    try:
        yield
    except SeatrialError as error:
        _say(error, as_json)
        ctx.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        ctx.exit(INTERRUPTED)
    except click.UsageError as wrong:
        if as_json:
            _say_json(_refusal(wrong))
        raise
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as trouble:  # the top of the program: what is not the disk's is a bug of ours
        if isinstance(trouble, BrokenPipeError):
            raise  # whoever read our output has read enough; click ends quietly
        if isinstance(trouble, OSError) and (trouble.filename or trouble.errno in _FULL):
            unfit = _unfit(trouble)
            _say(unfit, as_json)
            ctx.exit(unfit.exit_code)
        traceback.print_exc()
        click.echo(
            "\nThis is a bug in seatrial, not in your pipeline. Please report it with the lines above.",
            err=True,
        )
        ctx.exit(OUR_BUG)


def _refusal(wrong: click.UsageError) -> SeatrialError:
    path = wrong.ctx.command_path if wrong.ctx else "seatrial"
    return RefusedError(wrong.format_message(), slug="wrong-use", where=path, hint=f"{path} --help")


def _unfit(trouble: OSError) -> SeatrialError:
    place = str(trouble.filename or "the disk")
    return EnvironmentUnfitError(
        f"cannot read or write {place}: {trouble.strerror}",
        slug="files-refused",
        where=place,
        hint="look at its rights and at the space on its disk, or name another place",
    )


def _say(error: SeatrialError, as_json: bool) -> None:
    from seatrial.reports.refusal import refusal_text  # rich is slow to import

    if as_json:
        _say_json(error)
    click.echo(refusal_text(error), err=True)


def _say_json(error: SeatrialError) -> None:
    from seatrial.reports.refusal import refusal_json  # rich is slow to import

    click.echo(refusal_json(error))


__all__ = ["INTERRUPTED", "report_failures"]
