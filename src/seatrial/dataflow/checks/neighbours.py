"""Objects of one output that came along because another's prefix begins with the same text."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.places import within
from seatrial.dataflow.reads import Read
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import InputReceipt


def neighbours(flow: Flow) -> Iterator[Finding]:
    """One finding for each input and each output whose objects were taken along."""
    for step in flow.ran():
        for receipt in step.result.inputs if step.result else ():
            read = flow.plan.read(step.name, receipt.name)
            if read is not None and read.one_object:
                continue  # a manifest means each object that it names
            for writer, uris in _taken_along(flow, receipt).items():
                yield _finding(read, step.name, receipt, writer, uris)


def _taken_along(flow: Flow, receipt: InputReceipt) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for stored in receipt.objects:
        writer = flow.writers.get((stored.bucket, stored.key))
        # S3 lists by text: `s3://b/train` also matches `s3://b/train_raw/…`.
        if writer and not within(stored.uri, receipt.s3_uri) and stored.uri.startswith(receipt.s3_uri):
            found.setdefault(writer, []).append(stored.uri)
    return found


def _finding(
    read: Read | None, step: str, receipt: InputReceipt, writer: tuple[str, str], uris: list[str]
) -> Finding:
    return finding(
        "ST113",
        f"input {receipt.name!r} of {step} also took {counted(len(uris), 'object')} of {'.'.join(writer)}",
        where=read.pointer if read else receipt.s3_uri,
        also=".".join(writer),
        step=step,
        expected=f"only what lies under {receipt.s3_uri}/",
        observed=", ".join(uris[:3]),
    )
