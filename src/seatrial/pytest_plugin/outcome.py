"""A trial that came to its end, as a test asks about it; knows nothing of how it ran."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Collection
from pathlib import Path

from rich.console import Console

from seatrial.app.logs import log_of, logs_of
from seatrial.app.parts import Parts
from seatrial.app.trial import Trial
from seatrial.outputs import S3OutputPathRegistry, download, read_output_name
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord
from seatrial.ports.findings import Finding, fails
from seatrial.reports.console import plain
from seatrial.reports.findings import show_findings
from seatrial.reports.summary import Summary, failed_steps, show_failures


class SeaTrial:
    """How it ended, what was written, what was found."""

    def __init__(self, trial: Trial, parts: Parts) -> None:
        self._trial = trial
        self._parts = parts

    def __repr__(self) -> str:
        return f"<SeaTrial of {self.record.pipeline_name}: {self.status}>"

    @property
    def record(self) -> ExecutionRecord:
        """The execution: its steps, their properties, reasons and results."""
        return self._trial.record

    @property
    def registry(self) -> S3OutputPathRegistry:
        """Every output that the jobs wrote, by step and name."""
        return self._trial.registry

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, before the run and after it."""
        return self._trial.findings

    @property
    def status(self) -> str:
        """`Succeeded`, `Failed` or `Stopped`."""
        return self.record.status.value

    @property
    def failed_step(self) -> StepRecord | None:
        """The step that failed first; None if none did."""
        return next(iter(failed_steps(self.record)), None)

    @property
    def log_tail(self) -> tuple[str, ...]:
        """The last lines that the job of `failed_step` printed."""
        failed = self.failed_step
        return failed.result.log_tail if failed is not None and failed.result is not None else ()

    def log(self, step: str) -> str:
        """All that a step's last attempt printed."""
        return log_of(self._parts, self.record.execution_id, step).read_text("utf-8", errors="replace")

    def download(self, output: str, folder: str | os.PathLike[str]) -> list[Path]:
        """Fetch an output, named `Step.output`, into a folder; its files."""
        step, name = read_output_name(output)
        return download(self._parts.store, self.registry, step, name, Path(folder))

    def assert_succeeded(self) -> None:
        """Fail with the step that failed, its reason and its last words."""
        __tracebackhide__ = True
        if self.record.status is not ExecutionStatus.SUCCEEDED:
            raise AssertionError(_rendered(self._show_failure))

    def assert_no_findings(self, at_least: str = "warning", *, ignore: Collection[str] = ()) -> None:
        """Fail with every finding that weighs `at_least` so much, but for the codes to `ignore`."""
        __tracebackhide__ = True
        grave = [found for found in self.findings if fails([found], at_least) and found.code not in ignore]
        if grave:
            headline = f"{self.record.pipeline_name}: findings of weight {at_least} or more\n"
            raise AssertionError(headline + _rendered(lambda console: show_findings(console, grave)))

    def _show_failure(self, console: Console) -> None:
        record, not_started = self.record, self._trial.not_started
        console.print(f"{record.pipeline_name} {self.status}: {record.failure_reason or 'it was stopped'}\n")
        logs = logs_of(self._parts, record)
        show_failures(console, Summary(record, self.registry, self.findings, logs, not_started))
        if not_started:
            console.print(f"not started: {', '.join(not_started)}")


def _rendered(show: Callable[[Console], None]) -> str:
    """What is shown to people, as the text of an assertion."""
    text = io.StringIO()
    show(plain(text))
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())
