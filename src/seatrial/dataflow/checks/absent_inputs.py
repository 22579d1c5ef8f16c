"""Inputs at whose location nothing lay when their step started."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.reads import Read
from seatrial.definition.expressions import expression_of
from seatrial.definition.references import references
from seatrial.outputs import text_of
from seatrial.ports.executions import StepRecord, StepStatus
from seatrial.ports.findings import Finding
from seatrial.ports.storage import S3Uri, StoredObject

_READ_AT_THE_START = ("data", "code", "json")


def absent_inputs(flow: Flow) -> Iterator[Finding]:
    """One finding for each input that held no object."""
    for step in flow.ran():
        receipts = step.result.inputs if step.result else ()
        for receipt in receipts:
            if receipt.required and not receipt.objects:
                yield _finding(flow, step, receipt.name, receipt.s3_uri)
        if step.status is StepStatus.FAILED:
            yield from _never_staged(flow, step, frozenset(receipt.name for receipt in receipts))


def _never_staged(flow: Flow, step: StepRecord, staged: frozenset[str]) -> Iterator[Finding]:
    """Inputs of a job that failed before it could say what they held: looked up as the store is now."""
    if flow.list_objects is None:
        return
    for read in flow.plan.reads:
        if read.step == step.name and read.kind in _READ_AT_THE_START and read.name not in staged:
            uri = _uri_of(flow, read)
            if uri is not None and not _holds(flow.listed(uri), uri, read):
                yield _finding(flow, step, read.name, str(uri))


def _holds(found: Iterable[StoredObject], uri: S3Uri, read: Read) -> bool:
    """Whether there is what the read means: a manifest, or a JSON file, is at its very key."""
    exactly = read.one_object or read.kind == "json"
    return any(not exactly or stored.key == uri.key for stored in found)


def _uri_of(flow: Flow, read: Read) -> S3Uri | None:
    written = _written_at(flow, read)
    if written is not None:
        return S3Uri.parse(written)
    properties = {step.name: step.properties for step in flow.record.steps}
    text = text_of(read.location, replace(flow.plan.known, properties=properties))
    if not text.complete or not text.text.startswith("s3://"):
        return None
    return S3Uri.parse(text.text)


def _written_at(flow: Flow, read: Read) -> str | None:
    """Where the upstream output lies that the location is a reference to."""
    expression = expression_of(read.location)
    found = next(references(read.location), None) if expression and expression[0] == "Get" else None
    if found is None or found.kind != "step":
        return None
    referred = flow.plan.referred(found.name, found.property_path or "")
    return dict(_written_places(flow)).get(referred) if referred else None


def _finding(flow: Flow, step: StepRecord, name: str, uri: str) -> Finding:
    place = next(
        (read.pointer for read in flow.plan.reads if (read.step, read.name) == (step.name, name)), uri
    )
    writer = next(
        (f"{s}.{o}" for (s, o), at in _written_places(flow) if at.rstrip("/") == uri.rstrip("/")), None
    )
    return finding(
        "ST103",
        f"{step.name} found nothing at its input {name!r}" + (f", which {writer} writes" if writer else ""),
        where=place,
        step=step.name,
        also=writer,
        expected=f"objects at {uri}",
        observed="none",
    )


def _written_places(flow: Flow) -> Iterator[tuple[tuple[str, str], str]]:
    for step in flow.record.steps:
        for receipt in step.result.outputs if step.result else ():
            yield (step.name, receipt.name), receipt.s3_uri
