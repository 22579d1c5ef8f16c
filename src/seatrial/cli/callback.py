"""`seatrial callback`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from seatrial.app import callbacks
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, say
from seatrial.ports.callbacks import Callback
from seatrial.reports.console import answers, table
from seatrial.reports.text import shown

token_argument = click.argument("token", metavar="TOKEN")


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the messages of Callback steps that wait for an answer, or answer one.

    \b
    Examples:
      seatrial callback list
      seatrial callback success aB3dE5fG7h approved=true score=0.9
      seatrial callback failure aB3dE5fG7h --reason "the data are too old"
    """
    if not ctx.invoked_subcommand:
        _list(as_json)


@command.command("list")
@json_option
def list_waiting(as_json: bool) -> None:
    """List the messages that wait for an answer."""
    _list(as_json)


def _list(as_json: bool) -> None:
    parts = Parts(current_settings(), say)
    waiting = callbacks.waiting(parts)
    if as_json:
        click.echo(json.dumps({"callbacks": [_told(each) for each in waiting]}))
    elif waiting:
        rows = table("TOKEN", "STEP", "EXECUTION", "SINCE", "ANSWER WITH")
        for each in waiting:
            since = f"{each.sent_at:%Y-%m-%d %H:%M}"
            how = callbacks.how_to_answer(each)
            rows.add_row(*map(shown, (each.token, each.step_name, each.execution_id, since, how)))
        answers().print(rows)
    else:
        say("no step waits for an answer")


@command.command("success")
@token_argument
@click.argument("outputs", metavar="[NAME=VALUE]...", nargs=-1)
@json_option
def success(token: str, outputs: tuple[str, ...], as_json: bool) -> None:
    """Let the step succeed, with a value for each output that it declares."""
    given = {}
    for text in outputs:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{text!r} is no NAME=VALUE")
        given[name] = value
    _tell(callbacks.succeed(Parts(current_settings(), say), token, given), "succeeds", as_json)


@command.command("failure")
@token_argument
@click.option("--reason", default="", metavar="TEXT", help="Why, for the step's failure reason.")
@json_option
def failure(token: str, reason: str, as_json: bool) -> None:
    """Let the step fail."""
    _tell(callbacks.fail(Parts(current_settings(), say), token, reason), "fails", as_json)


def _tell(callback: Callback, what: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_told(callback)))
        return
    click.echo(f"step {callback.step_name} of execution {callback.execution_id} {what}")


def _told(callback: Callback) -> dict[str, object]:
    return {
        **callback.message(),
        "step": callback.step_name,
        "execution_id": callback.execution_id,
        "queue_url": callback.queue_url,
        "sent_at": callback.sent_at.isoformat(),
        "output_parameters": [dict(item) for item in callback.declared],
        "answer": asdict(callback.answer) if callback.answer else None,
    }
