"""The end of a run for people: what failed first, then what was written, found and comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord, StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.findings import show_verdict, tally
from seatrial.reports.images import images_of, show_substitutions
from seatrial.reports.located import show_rows
from seatrial.reports.tables import outputs_table
from seatrial.reports.text import shown, time_text

_LOG_LINES = 15
_LATE = datetime.max.replace(tzinfo=timezone.utc)
_STYLES = {ExecutionStatus.SUCCEEDED: "bold green", ExecutionStatus.FAILED: "bold red"}


@dataclass(frozen=True)
class Summary:
    """What is told of an execution when it has ended.

    `logs` are the full logs by step, `not_started` the steps that never ran because of a failure.
    """

    record: ExecutionRecord
    registry: S3OutputPathRegistry
    findings: Sequence[Finding] = ()
    logs: Mapping[str, Path] = field(default_factory=dict)
    not_started: Sequence[str] = ()


def show_summary(console: Console, summary: Summary) -> None:
    """Everything, the failure first."""
    show_failures(console, summary)
    if summary.registry.list_all_steps():
        show_rows(console, outputs_table(summary.registry))
        console.print()
    _show_packages(console, summary.record)
    show_substitutions(console, images_of(summary.record))
    _show_substituted(console, summary.record)
    succeeded = summary.record.status is ExecutionStatus.SUCCEEDED
    show_verdict(console, summary.findings, to_the_end=succeeded)
    console.print()
    console.print(_verdict(summary))
    for command in next_commands(summary.record, summary.registry):
        console.print(Text.assemble("  ", shown(command, "bold")))


def show_failures(console: Console, summary: Summary) -> None:
    """Each step that failed: its reason, its last words, where the rest is."""
    for step in failed_steps(summary.record):
        _show_failure(console, step, summary)


def failed_steps(record: ExecutionRecord) -> list[StepRecord]:
    """The steps that failed, the first failure first: the others are often its consequence."""
    failed = (step for step in record.steps if step.status is StepStatus.FAILED)
    return sorted(failed, key=lambda step: step.ended_at or _LATE)


def next_commands(record: ExecutionRecord, registry: S3OutputPathRegistry) -> list[str]:
    """What to type next."""
    return [*_next_steps(record, registry), "seatrial report"]


def _next_steps(record: ExecutionRecord, registry: S3OutputPathRegistry) -> list[str]:
    failed = failed_steps(record)
    if failed:
        final = any(step.type == "Fail" for step in failed)  # a Fail step cannot be retried, on AWS neither
        same_again = "   (the same code and parameters; finished steps are kept)"
        kept = f"; --from {failed[0].name} keeps what came before it"
        anew = f"seatrial run PIPELINE   (after changing code or parameters{kept})"
        resume = [] if final else [anew, f"seatrial resume {record.execution_id}{same_again}"]
        logs = [f"seatrial logs {step.name}" for step in failed[:1] if step.result and step.result.log_tail]
        return [*logs, *resume] or ["seatrial status"]
    if record.status is not ExecutionStatus.SUCCEEDED:
        return [f"seatrial resume {record.execution_id}"]
    first = next(((s, o) for s in registry.list_all_steps() for o in registry.step_outputs[s]), None)
    return [*([f"seatrial download {first[0]}.{first[1]} ./here"] if first else []), "seatrial lineage"]


def _show_failure(console: Console, step: StepRecord, summary: Summary) -> None:
    console.print(Text.assemble((f"{_label(step)} failed", "bold red")))
    console.print(_indented(step.failure_reason or "no reason was given"))
    if step.exit_message:
        console.print(Text.assemble("  ", ("exit message  ", "dim"), shown(step.exit_message)))
    if step.result is not None and step.result.log_tail:
        console.print(Text("  last lines of the log", style="dim"))
        for line in step.result.log_tail[-_LOG_LINES:]:
            console.print(Padding(shown(line), (0, 0, 0, 4), expand=False))
    if step.name in summary.logs:
        console.print(
            Text.assemble("  ", ("full log  ", "dim"), shown(summary.logs[step.name])), soft_wrap=True
        )
    console.print()


def _label(step: StepRecord) -> str:
    attempts = f", attempt {step.attempts}" if step.attempts > 1 else ""
    return f"{step.name} ({step.type}{attempts})"


def _show_packages(console: Console, record: ExecutionRecord) -> None:
    """The versions that this execution put into the model registry."""
    for step in record.steps:
        arn = step.properties.get("ModelPackageArn")
        if arn:
            approval = step.properties.get("ModelApprovalStatus", "no approval status")
            console.print(
                Text.assemble(("registered ", "bold green"), shown(f"{arn} ({approval})")), soft_wrap=True
            )


def _show_substituted(console: Console, record: ExecutionRecord) -> None:
    """The steps whose work something else did: what they show is no trial of theirs."""
    for step in record.steps:
        if step.substitute is not None:
            console.print(
                Text.assemble(("substituted ", "bold yellow"), shown(f"{step.name}: {step.substitute}")),
                soft_wrap=True,
            )


def _verdict(summary: Summary) -> Text:
    record = summary.record
    ended = record.ended_at
    took = time_text((ended - record.started_at).total_seconds()) if ended else ""
    style = _STYLES.get(record.status, "bold yellow")
    words = shown(f"{record.pipeline_name} {record.status.value}", style)
    words.append(f" ({record.execution_id}{', ' + took if took else ''})", "default not bold")
    grave = [f for f in summary.findings if f.severity is not Severity.NOTE and f.suppressed is None]
    if grave and record.status is ExecutionStatus.SUCCEEDED:
        where = " in the data flow" if all(found.code.startswith("ST1") for found in grave) else ""
        words.append(f", with {tally(grave)}{where}", "bold yellow")
    if summary.not_started:
        words.append(f"; not started: {', '.join(summary.not_started)}", "default not bold")
    return words


def _indented(text: str) -> Padding:
    return Padding(shown(text), (0, 0, 0, 2), expand=False)
