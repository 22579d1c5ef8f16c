"""`seatrial doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from operator import attrgetter

import click

from seatrial.app import doctor
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, say
from seatrial.settings import Settings, every_setting

UNFIT = 3


@click.command()
@click.option(
    "--fix", is_flag=True, help="Install and start Docker Engine (as root), build what every run needs."
)
@click.option("--quiet", is_flag=True, help="Say only what is wrong.")
@click.option(
    "--settings", "show_settings", is_flag=True, help="List every setting with its value and meaning."
)
@json_option
@click.pass_context
def command(ctx: click.Context, fix: bool, quiet: bool, show_settings: bool, as_json: bool) -> None:
    """Say what this machine has, what is missing, and what to type.

    Exit code 3 if something that a run needs is missing.
    """
    settings = current_settings()
    if show_settings:
        click.echo(_settings_json(settings) if as_json else _settings_table(settings))
        return
    parts = Parts(settings, say)
    if fix:
        doctor.fix(parts)
    checks = doctor.examine(parts)
    if as_json:
        click.echo(json.dumps({"checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            if not (quiet and check.ok):
                click.echo(f"{'ok  ' if check.ok else 'MISSING'}  {check.name}: {check.detail}")
            if not check.ok and check.hint:
                click.echo(f"      type: {check.hint}")
    if not all(check.ok for check in checks):
        ctx.exit(UNFIT)


def _settings_json(settings: Settings) -> str:
    values = {name: attrgetter(name)(settings) for name, _ in every_setting()}
    return json.dumps({"settings": values}, default=str)


def _settings_table(settings: Settings) -> str:
    """Every setting as it would stand in seatrial.toml."""
    return "\n".join(
        f"{name} = {attrgetter(name)(settings)}  # {field.description}" for name, field in every_setting()
    )
