"""`--portability` of `seatrial check`: what it is asked, and how its runs are watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from seatrial.app import trial
from seatrial.app.logs import logs_of
from seatrial.app.parts import Parts
from seatrial.app.portability import Course, Portability, check_portability, chosen_prefixes
from seatrial.app.sarif import write_sarif
from seatrial.app.trial import Trial
from seatrial.app.wishes import Wishes
from seatrial.cli.options import (
    current_settings,
    not_empty,
    read_parameters,
    say,
    seed_options,
    value_options,
)
from seatrial.cli.watching import watched
from seatrial.ports.executions import ExecutionStatus
from seatrial.reports.console import answers, news
from seatrial.reports.portability import (
    PortabilityView,
    RunUnderPrefix,
    portability_report,
    show_portability,
)
from seatrial.reports.summary import Summary, show_summary
from seatrial.sessions import names_pipeline
from seatrial.sessions.loaded import Loaded, load


@dataclass(frozen=True)
class Asked:
    """What stood on the command line; each field is a parameter of `offering_portability`."""

    portability: bool
    prefixes: tuple[str, ...]
    second_account: str | None
    second_region: str | None
    thorough: bool
    parameters: tuple[str, ...]
    parameters_file: Path | None
    seeds: tuple[str, ...]
    seeds_file: Path | None

    def check(self) -> None:
        """Refuse what means nothing together."""
        alone = {
            "--prefix": self.prefixes,
            "--second-account": self.second_account,
            "--second-region": self.second_region,
            "--thorough": self.thorough,
            "-p": self.parameters,
            "--parameters": self.parameters_file,
            "--seed": self.seeds,
            "--seeds": self.seeds_file,
        }
        given = next((name for name, value in alone.items() if value), None)
        if given is not None and not self.portability:
            raise click.UsageError(f"{given} goes with --portability")
        if len(self.prefixes) > 2:
            raise click.UsageError("--prefix is given at most twice: for the first run and for the second")

    def load(self, parts: Parts, pipeline: str) -> Loaded:
        """Compile or read the pipeline."""
        overrides = read_parameters(self.parameters, self.parameters_file)
        return load(parts, pipeline, parameters=overrides, seeds=self.seeds, seeds_file=self.seeds_file)


def offering_portability(command: Callable[..., None]) -> Callable[..., None]:
    """With `--portability` this answers in the command's place; it gets none of these options."""

    @wraps(command)
    def with_asked(*args: Any, **given: Any) -> None:
        asked = Asked(**{field.name: given.pop(field.name) for field in fields(Asked)})
        asked.check()
        if not asked.portability:
            command(*args, **given)
            return
        _answer(click.get_current_context(), asked, **given)

    wrapped: Callable[..., None] = value_options(seed_options(with_asked))
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _each_not_empty(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> Any:
    return tuple(not_empty(ctx, parameter, value) for value in values)


_OPTIONS = (
    click.option(
        "--portability",
        is_flag=True,
        help="Run PIPELINE under two prefixes, one after the other, and find what does not follow the "
        "second (docs/portability.md). --prefix to --seeds go with it.",
    ),
    click.option(
        "--prefix",
        "prefixes",
        multiple=True,
        metavar="S3_URI",
        callback=_each_not_empty,
        help="Where the first run writes; given again, where the second does. "
        "[default: fresh places in two buckets, of different depth]",
    ),
    click.option(
        "--second-account",
        metavar="ID",
        callback=not_empty,
        help="The second run's account, in its ARNs; a .py pipeline is compiled again for it.",
    ),
    click.option(
        "--second-region",
        metavar="REGION",
        callback=not_empty,
        help="The second run's region, in the same way.",
    ),
    click.option(
        "--thorough",
        is_flag=True,
        help="Where files differ, run once more under a prefix like the first: what differs then as well "
        "is not the prefix's doing.",
    ),
)


def _answer(
    ctx: click.Context, asked: Asked, execution: str, sarif: Path | None, fail_on: str | None, as_json: bool
) -> None:
    if not names_pipeline(execution):
        raise click.UsageError(
            f"--portability runs a pipeline, and {execution!r} names none; "
            "try: seatrial check pipeline.py --portability"
        )
    parts = Parts(current_settings(step_cache=False), say)
    found = _runs_compared(parts, execution, asked)
    view = _view_of(found)
    if sarif is not None:
        write_sarif(parts, found.legs[1 if found.second else 0].trial, sarif)
    if as_json:
        click.echo(portability_report(view).as_text())
    else:
        show_portability(answers(), view)
    ctx.exit(found.exit_code(fail_on or parts.settings.fail_on))


def _runs_compared(parts: Parts, pipeline: str, asked: Asked) -> Portability:
    first = second = asked.load(parts, pipeline)
    if asked.second_account is not None or asked.second_region is not None:
        second = asked.load(_second_parts(parts, asked), pipeline)
    return check_portability(
        Course(first.parts, first.wishes),
        Course(second.parts, second.wishes),
        chosen_prefixes(parts, asked.prefixes),
        _sail,
        thorough=asked.thorough,
    )


def _second_parts(parts: Parts, asked: Asked) -> Parts:
    """The same project and the same store; another account, another region."""
    settings = current_settings(step_cache=False, account_id=asked.second_account, region=asked.second_region)
    return Parts(settings, say, address=parts.address)


def _view_of(found: Portability) -> PortabilityView:
    runs = [RunUnderPrefix(leg.trial.record, leg.account_id, leg.region) for leg in found.legs]
    return PortabilityView(runs, found.varied, found.compared, found.findings)


def _sail(parts: Parts, wishes: Wishes) -> Trial:
    say(f"run under {wishes.prefix}")
    with watched(parts) as (control, started):
        ended = trial.run(parts, wishes, control, started)
    if ended.record.status is not ExecutionStatus.SUCCEEDED:
        logs = logs_of(parts, ended.record)
        show_summary(news(), Summary(ended.record, ended.registry, ended.findings, logs, ended.not_started))
    return ended
