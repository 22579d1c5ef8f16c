"""Arguments and options that several commands share, in one wording."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from seatrial.errors import RefusedError
from seatrial.settings import Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object on stdout, nothing else there (docs/json.md).",
)

pipeline_argument = click.argument("pipeline", metavar="PIPELINE")


def not_empty(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """An empty text is a script's lost variable: it does not mean what leaving it out means."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty; name one, or leave it out for the default", ctx, parameter)
    return value


execution_argument = click.argument("execution", metavar="[EXECUTION]", default="latest", callback=not_empty)


def execution_last(command: Callable[..., None]) -> Callable[..., None]:
    """`[EXECUTION]` for commands whose first argument is something else; `-e` says the same."""

    @wraps(command)
    def with_execution(*args: Any, execution: str | None, by_option: str | None, **given: Any) -> None:
        if None not in (execution, by_option) and execution != by_option:
            raise click.UsageError(f"two executions: {execution} and {by_option}")
        command(*args, execution=execution or by_option or "latest", **given)

    option = click.option(
        "-e",
        "--execution",
        "by_option",
        metavar="EXECUTION",
        callback=not_empty,
        help="The execution, as an option: id, ARN, or the beginning of an id. [default: the latest]",
    )
    argument = click.argument("execution", metavar="[EXECUTION]", required=False, callback=not_empty)
    return argument(option(with_execution))


jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    help="Steps that run at the same time. [default: CPUs, at least 2]",
)

cache_option = click.option(
    "--cache/--no-cache",
    "step_cache",
    default=None,
    help="Whether steps with a CacheConfig may take over what an earlier execution made. [default: yes]",
)

max_parallel_option = click.option(
    "--max-parallel",
    "max_parallel_steps",
    type=click.IntRange(min=1),
    metavar="N",
    help="The execution's MaxParallelExecutionSteps; the lower of it and --jobs counts. "
    "[default: what the pipeline's code configures]",
)


def selection_options(command: Command) -> Command:
    """`--only STEP`, `--from STEP`, `--source EXECUTION`: what of the pipeline runs."""
    for option in reversed(
        [
            click.option(
                "--only",
                multiple=True,
                metavar="STEP",
                help="Run this step (again for each); what it waits for gives its outputs of an earlier "
                "execution.",
            ),
            click.option(
                "--from",
                "begin",
                multiple=True,
                metavar="STEP",
                help="Run this step and all that waits for it, in the same way.",
            ),
            click.option(
                "--source",
                "source_execution",
                metavar="EXECUTION",
                callback=not_empty,
                help="The earlier execution, with --only or --from. "
                "[default: the latest of the pipeline that succeeded or failed]",
            ),
        ]
    ):
        command = option(command)
    return command


def replay_options(command: Command) -> Command:
    """`--replay-from EXECUTION`, `--replay STEP`: which steps give again what they gave before."""
    for option in reversed(
        [
            click.option(
                "--replay-from",
                metavar="EXECUTION",
                callback=not_empty,
                help="Steps that cannot run here have the outcome that this execution recorded "
                "(docs/substitutes.md).",
            ),
            click.option(
                "--replay",
                multiple=True,
                metavar="STEP",
                help="With --replay-from: this step (again for each) and no other has it.",
            ),
        ]
    ):
        command = option(command)
    return command


engine_option = click.option(
    "--engine",
    default="native",
    show_default=True,
    metavar="native|local-mode",
    callback=not_empty,
    help="Who does what SageMaker does for a job: seatrial itself, or the SageMaker SDK's own local mode "
    "(docs/local-mode.md).",
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    help="Findings of this gravity, or graver, make exit code 1. [default: error]",
)

sarif_option = click.option(
    "--sarif",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the findings as SARIF 2.1.0, for GitHub code scanning.",
)


def value_options(command: Command) -> Command:
    """`-p NAME=VALUE`, `--parameters FILE`: the values of pipeline parameters."""
    for option in reversed(
        [
            click.option(
                "-p",
                "--parameter",
                "parameters",
                multiple=True,
                metavar="NAME=VALUE",
                help="A pipeline parameter.",
            ),
            click.option(
                "--parameters",
                "parameters_file",
                type=click.Path(path_type=Path, dir_okay=False),
                help="A JSON file of parameters: {name: value}. -p wins over it.",
            ),
        ]
    ):
        command = option(command)
    return command


def parameter_options(command: Command) -> Command:
    """The same and `--prefix URI`: the values that a start call would send."""
    prefix = click.option(
        "--prefix",
        envvar="EXECUTION_S3_PREFIX",
        callback=not_empty,
        metavar="S3_URI",
        help="Where outputs go: the parameter EXECUTION_S3_PREFIX. "
        "[default: s3://seatrial/<pipeline>/<execution id>]",
    )
    return value_options(prefix(command))


def seed_options(command: Command) -> Command:
    """`--seed URI=PATH` and `--seeds FILE`: local data for inputs that the pipeline expects in S3."""
    for option in reversed(
        [
            click.option(
                "--seed",
                "seeds",
                multiple=True,
                metavar="S3_URI=PATH",
                help="Put this folder or file there before the run.",
            ),
            click.option(
                "--seeds",
                "seeds_file",
                type=click.Path(path_type=Path, dir_okay=False),
                help="A file of such lines, as `seatrial seed` writes it. [default: seeds.toml beside the "
                "pipeline or here, if there is one]",
            ),
        ]
    ):
        command = option(command)
    return command


def read_parameters(pairs: tuple[str, ...], file: Path | None) -> dict[str, str]:
    """The overrides as the API sends them: all strings; the command line wins over the file."""
    values = _parameters_of(file) if file else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise RefusedError(
                f"-p {pair!r} is not NAME=VALUE", slug="bad-parameter", hint="write it as -p Name=value"
            )
        values[name] = value
    return values


def _parameters_of(file: Path) -> dict[str, str]:
    try:
        document = json.loads(file.read_text())
    except (OSError, ValueError) as problem:
        raise RefusedError(
            f"cannot read parameters: {problem}",
            slug="bad-parameters-file",
            where=str(file),
            hint='it must be a JSON object such as {"InstanceType": "ml.m5.large"}',
        ) from problem
    if not isinstance(document, dict):
        raise RefusedError(
            "parameters must be a JSON object",
            slug="bad-parameters-file",
            where=str(file),
            hint='{"Name": "value"}',
        )
    return {name: _as_text(name, value, file) for name, value in document.items()}


def _as_text(name: str, value: object, file: Path) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, bool | int | float):
        raise RefusedError(
            f"parameter {name!r} is {json.dumps(value)}, which no parameter can be",
            slug="bad-parameters-file",
            where=str(file),
            hint="write a string, a number, true or false",
        )
    return json.dumps(value)


def current_settings(**overrides: object) -> Settings:
    """The project's settings, with what the command line said on top."""
    return load_settings(**{name: value for name, value in overrides.items() if value is not None})


def say(line: str) -> None:
    """Progress goes to stderr, so that stdout stays what the user asked for."""
    click.echo(line, err=True)
