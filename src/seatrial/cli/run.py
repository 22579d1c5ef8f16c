"""`seatrial run`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.cli.asked import Asked, asking_for_a_trial
from seatrial.cli.options import (
    cache_option,
    current_settings,
    fail_on_option,
    jobs_option,
    json_option,
    max_parallel_option,
    say,
)
from seatrial.cli.role_policy import given, role_policy_option
from seatrial.cli.watching import conclude, watched


@click.command()
@asking_for_a_trial
@jobs_option
@max_parallel_option
@cache_option
@role_policy_option
@fail_on_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    asked: Asked,
    jobs: int | None,
    max_parallel_steps: int | None,
    step_cache: bool | None,
    role_policy: tuple[Path, ...],
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Run a pipeline end to end, then check its data flow.

    PIPELINE is a definition.json, a pipeline.py, module:attribute, or a folder made by `seatrial
    compile`. Progress goes to stderr. Ctrl-C stops it cleanly; `seatrial resume` goes on.

    \b
    Examples:
      seatrial run pipeline.py
      seatrial run definition.json -p InstanceType=ml.m5.large --seed s3://bucket/raw=./data
      seatrial run pipeline.py --json > result.json
    """
    settings = current_settings(jobs=jobs, step_cache=step_cache, role_policy=given(role_policy))
    loaded = asked.load(Parts(settings, say), max_parallel_steps)
    with watched(loaded.parts) as (control, started):
        ended = trial.run(loaded.parts, loaded.wishes, control, started)
    conclude(ctx, loaded.parts, ended, fail_on, as_json)
