"""`seatrial resume`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.options import (
    cache_option,
    current_settings,
    execution_argument,
    fail_on_option,
    jobs_option,
    json_option,
    max_parallel_option,
    not_empty,
    say,
)
from seatrial.cli.role_policy import role_policy_option
from seatrial.cli.watching import conclude, watched


@click.command()
@execution_argument
@jobs_option
@max_parallel_option
@cache_option
@role_policy_option
@click.option(
    "--engine", callback=not_empty, help="Who runs the jobs now. [default: as when it was last run]"
)
@fail_on_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    execution: str,
    jobs: int | None,
    max_parallel_steps: int | None,
    step_cache: bool | None,
    role_policy: tuple[Path, ...],
    engine: str | None,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Go on with an execution that stopped, failed, or lost its process.

    Steps that succeeded are kept with what they wrote; the others run again. Definition, parameters
    and the scripts that compiling uploaded are those it was started with: after changing code, begin
    another with `seatrial run`. So is the role's policy, unless --role-policy names another.
    [default: the latest execution]
    """
    parts = Parts(current_settings(jobs=jobs, step_cache=step_cache), say)
    with watched(parts) as (control, started):
        ended = trial.resume(
            parts,
            execution,
            engine,
            control,
            started,
            max_parallel_steps=max_parallel_steps,
            role_policy=role_policy,
        )
    conclude(ctx, parts, ended, fail_on, as_json)
