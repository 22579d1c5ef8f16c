"""Objects that a manifest led to, of a step that nothing made the reader wait for."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.reads import Read
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import InputReceipt


def unordered_manifests(flow: Flow) -> Iterator[Finding]:
    """One finding for each such writer; a prefix tells as much before the run, a manifest does not."""
    for step in flow.ran():
        for receipt in step.result.inputs if step.result else ():
            read = flow.plan.read(step.name, receipt.name)
            if read is not None and read.one_object:
                for writer, uris in _early(flow, step.name, receipt).items():
                    yield _finding(read, receipt, writer, uris)


def _early(flow: Flow, reader: str, receipt: InputReceipt) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for stored in receipt.objects:
        writer = flow.writers.get((stored.bucket, stored.key))
        if writer and writer[0] != reader and reader not in flow.graph.descendants(writer[0]):
            found.setdefault(writer, []).append(stored.uri)
    return found


def _finding(read: Read, receipt: InputReceipt, writer: tuple[str, str], uris: list[str]) -> Finding:
    label = ".".join(writer)
    return finding(
        "ST109",
        f"the manifest of input {read.name!r} led {read.step} to {counted(len(uris), 'object')} of {label}, "
        f"and {read.step} does not wait for {writer[0]}",
        where=read.pointer,
        also=label,
        step=read.step,
        expected=f"{writer[0]} in DependsOn, or upstream of the step that writes {receipt.s3_uri}",
        observed=", ".join(uris[:3]),
    )
