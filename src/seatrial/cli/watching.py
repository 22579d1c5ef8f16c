"""A running execution on the terminal: the live table, Ctrl-C, and the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from seatrial.app.interrupts import stopping
from seatrial.app.logs import logs_of
from seatrial.app.parts import Parts
from seatrial.app.trial import Started, Trial
from seatrial.cli.options import say
from seatrial.definition import PipelineDefinition, build_graph
from seatrial.execution import Control
from seatrial.ports.executions import EventListener, ExecutionRecord
from seatrial.reports.console import news
from seatrial.reports.json_report import run_report
from seatrial.reports.live import LiveView
from seatrial.reports.summary import Summary, show_summary


@contextlib.contextmanager
def watched(parts: Parts) -> Iterator[tuple[Control, Started]]:
    """What a trial needs from its front door: a control that Ctrl-C reaches, and who shows the events."""
    control = Control()
    console = news()
    begun: list[str] = []
    with contextlib.ExitStack() as stack:

        def started(record: ExecutionRecord, definition: PipelineDefinition) -> EventListener:
            begun.append(record.execution_id)
            console.print(f"execution {record.execution_id} of {record.pipeline_name}", highlight=False)
            top = {step.name: step.type for step in definition.steps if record.selects(step.name)}
            steps = [(name, top[name]) for name in build_graph(definition).order() if name in top]
            return stack.enter_context(LiveView(console, steps, parts.clock.now))

        stack.enter_context(stopping(control, say))
        try:
            yield control, started
        except KeyboardInterrupt:
            for execution_id in begun:
                say(f"not waited for its end; go on with: seatrial resume {execution_id}")
            raise


def conclude(ctx: click.Context, parts: Parts, trial: Trial, fail_on: str | None, as_json: bool) -> None:
    """Say how it ended, and end with the exit code that says the same."""
    if as_json:
        click.echo(run_report(trial.record, trial.registry, trial.findings).as_text())
    show_summary(
        news(),
        Summary(
            trial.record, trial.registry, trial.findings, logs_of(parts, trial.record), trial.not_started
        ),
    )
    ctx.exit(trial.exit_code(fail_on or parts.settings.fail_on))
