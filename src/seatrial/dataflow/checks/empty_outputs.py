"""Declared outputs that a successful step left empty, or that nobody reported at all."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.outputs import DeclaredOutput
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import OutputReceipt


def empty_outputs(flow: Flow) -> Iterator[Finding]:
    """One finding for each declared output without content."""
    for step in flow.succeeded():
        if step.result is None:
            continue
        receipts = {(receipt.name, receipt.property_path): receipt for receipt in step.result.outputs}
        for output in flow.plan.outputs:
            if output.step == step.name and not (output.app_managed or output.lasting):
                yield from _judge(flow, step, output, receipts.get((output.name, output.property_path)))


def _judge(
    flow: Flow, step: StepRecord, output: DeclaredOutput, receipt: OutputReceipt | None
) -> Iterator[Finding]:
    readers = flow.plan.consumers(output)
    if receipt is None:
        # Only processing outputs are promises; whether a job leaves a model is the job's own affair.
        if not output.per_job or readers:
            yield _finding(
                "ST102", f"{step.name} left no trace of its output {output.name!r}", output, readers
            )
    elif trouble := _trouble(receipt):
        # The place is there even when it is empty, so the reader fails later and elsewhere.
        yield _finding(
            "ST101", f"{step.name} left its output {output.name!r} empty: {trouble}", output, readers
        )


def _trouble(receipt: OutputReceipt) -> str | None:
    if not receipt.objects:
        return f"no file in {receipt.container_path or receipt.s3_uri}"
    if receipt.container_path == "/opt/ml/model" and _is_archive(receipt) and not receipt.members:
        return "the archive has no member"
    if all(stored.size == 0 for stored in receipt.objects):
        return f"{len(receipt.objects)} files of 0 bytes"
    return None


def _is_archive(receipt: OutputReceipt) -> bool:
    return all(stored.key.endswith(".tar.gz") for stored in receipt.objects)


def _finding(code: str, message: str, output: DeclaredOutput, readers: tuple[str, ...]) -> Finding:
    read_by = f"; {', '.join(readers)} reads it" if readers else ""
    unread = Severity.NOTE if output.per_job else Severity.WARNING
    return finding(
        code,
        message + read_by,
        where=output.pointer,
        step=output.step,
        severity=Severity.ERROR if readers else unread,
        also=readers[0] if readers else None,
        expected=f"files in {output.container_path or 'the store'}",
        observed="none",
    )
