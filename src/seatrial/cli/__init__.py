"""The command line: one module per command, no logic of its own.

A command is one module here with a `command`, and one line in `COMMANDS`; modules are imported when
used, so that `seatrial --help` stays quick.
"""

from __future__ import annotations

import difflib
from importlib import import_module

import click

from seatrial import __version__
from seatrial.cli.failures import report_failures

COMMANDS = {
    "plan": "Show what a run would do: steps, inputs, images, findings. Runs nothing.",
    "seed": "Write seeds.toml: local data for every input that the pipeline expects in S3.",
    "compile": "Compile a .py pipeline to a folder that runs anywhere.",
    "run": "Run a pipeline end to end, then check its data flow.",
    "stop": "Stop an execution that runs in another terminal, or that lost its process.",
    "resume": "Go on with an execution that stopped or failed; finished steps are kept (also: retry).",
    "status": "Show executions, or the steps of one.",
    "callback": "List the messages of Callback steps that wait for an answer, or answer one.",
    "logs": "Print the log of a step.",
    "outputs": "List what the steps of an execution wrote.",
    "download": "Fetch one output (STEP.OUTPUT) into a folder.",
    "models": "List the model registry; show, approve or reject a version.",
    "check": "Judge the data flow of an execution, or of a pipeline that has not run.",
    "lineage": "Show which data went from which step to which.",
    "compare": "Say whether two executions did the same, and what differs.",
    "report": "Write an execution as one HTML file, and as JUnit or SARIF for CI.",
    "images": "List, build or remove the images that stand in for SageMaker's.",
    "doctor": "Say what this machine has, what is missing, and what to type.",
    "clean": "Remove what seatrial left on this machine: containers, store, images, state.",
}

ALSO_CALLED = {"retry": "resume"}
"""What the service calls a command (RetryPipelineExecution); not listed a second time."""

EXIT_CODES = """\b
Exit codes:
  0  all well
  1  the pipeline failed, or findings at or above --fail-on
  2  refused before anything ran (wrong use, invalid definition)
  3  this machine cannot do it now (no Docker, no image); says what to type
"""


class _Commands(click.Group):
    """Commands that are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALSO_CALLED.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"seatrial.cli.{name}").command
        command.short_help = COMMANDS[name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as unknown:
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{unknown.message} Did you mean '{near[0]}'?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        with report_failures(ctx):
            return super().invoke(ctx)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="seatrial")
def main() -> None:
    """Give a compiled SageMaker pipeline its sea trial.

    Runs it on this machine, in real containers, against a MinIO bucket that EXECUTION_S3_PREFIX
    points at; then builds the registry of outputs from what the jobs really wrote, and checks the
    data flow.

    \b
    Start here:
      seatrial doctor                 is everything there?
      seatrial plan pipeline.py       what would run, on which data?
      seatrial run pipeline.py        run it
    """
