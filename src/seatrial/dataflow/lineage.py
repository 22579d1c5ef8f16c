"""From source to sink: which step read what, who wrote it, and which model packages it ended in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.places import within
from seatrial.dataflow.reads import Read
from seatrial.definition import references
from seatrial.outputs import text_of
from seatrial.outputs.info import UtcDatetime
from seatrial.ports.executions import StepRecord
from seatrial.ports.jobs import InputReceipt, OutputReceipt
from seatrial.ports.storage import StoredObject


class LineageObject(BaseModel):
    """One object that flowed, as the reader found it."""

    model_config = ConfigDict(frozen=True)

    uri: str
    size: int
    etag: str


class LineageEntry(BaseModel):
    """Data that went from an output to an input; from outside the pipeline where `from_step` is None.

    `substituted` data is not the step's own: something else did its work.
    """

    model_config = ConfigDict(frozen=True)

    from_step: str | None
    from_output: str | None
    to_step: str
    to_input: str
    s3_uri: str
    objects: tuple[LineageObject, ...] = ()
    substituted: bool = False
    timestamp: UtcDatetime


class ModelPackage(BaseModel):
    """Where data ends: a registered model."""

    model_config = ConfigDict(frozen=True)

    step: str
    arn: str


class Lineage(BaseModel):
    """Every flow of one execution, from the `sources` outside it to the model packages."""

    model_config = ConfigDict(frozen=True)

    pipeline_name: str
    execution_id: str
    generated_at: UtcDatetime
    entries: tuple[LineageEntry, ...] = ()
    sources: tuple[str, ...] = ()
    sinks: tuple[ModelPackage, ...] = ()


def lineage_of(flow: Flow) -> Lineage:
    """The lineage of what really ran, in the order in which the steps started."""
    entries = tuple(entry for step in flow.ran() for entry in _entries(flow, step))
    return Lineage(
        pipeline_name=flow.record.pipeline_name,
        execution_id=flow.record.execution_id,
        generated_at=flow.record.ended_at or flow.record.started_at,
        entries=entries,
        sources=tuple(dict.fromkeys(entry.s3_uri for entry in entries if entry.from_step is None)),
        sinks=tuple(_packages(flow.ran())),
    )


def _entries(flow: Flow, step: StepRecord) -> Iterator[LineageEntry]:
    staged = step.result.inputs if step.result else ()
    for receipt in staged:
        yield from _staged(flow, step, receipt)
    yield from _named(flow, step, frozenset(receipt.name for receipt in staged))
    yield from _property_files(flow, step)


def _staged(flow: Flow, step: StepRecord, receipt: InputReceipt) -> Iterator[LineageEntry]:
    """What a job's input held, told apart by who wrote each object."""
    by_writer: dict[tuple[str, str] | None, list[StoredObject]] = {}
    for stored in receipt.objects:
        writer = flow.writers.get((stored.bucket, stored.key))
        by_writer.setdefault(writer if writer and writer[0] != step.name else None, []).append(stored)
    for writer, objects in by_writer.items():
        yield _entry(flow, writer, step, receipt.name, receipt.s3_uri, objects)


def _named(flow: Flow, step: StepRecord, staged: frozenset[str]) -> Iterator[LineageEntry]:
    """What a step names without staging it: a model's archive, metrics, code that its container fetches."""
    for read in flow.plan.reads:
        if read.step == step.name and read.kind != "mention" and read.name not in staged:
            uri = _uri(flow, read)
            if uri is not None:
                receipt = _receipt_at(flow, uri)
                writer = (receipt[0], receipt[1].name) if receipt else None
                yield _entry(flow, writer, step, read.name, uri, receipt[1].objects if receipt else ())


def _property_files(flow: Flow, step: StepRecord) -> Iterator[LineageEntry]:
    for edge in flow.graph.edges:
        if edge.downstream == step.name and (edge.property_path or "").startswith("PropertyFiles."):
            found = flow.plan.referred(edge.upstream, edge.property_path or "")
            info = flow.registry.get_step_output_info(*found) if found else None
            if info is not None:
                yield _entry(flow, found, step, edge.property_path or "", info.s3_uri, ())


def _uri(flow: Flow, read: Read) -> str | None:
    """Where the read really went: upstream outputs are known from their receipts."""
    for reference in references(read.location):
        if reference.kind == "step" and reference.property_path is not None:
            baseline = _baseline(flow, reference.name, reference.property_path)
            if baseline is not None:
                return baseline
            found = flow.plan.referred(reference.name, reference.property_path)
            info = flow.registry.get_step_output_info(*found) if found else None
            if info is not None:
                return info.s3_uri
    text = text_of(read.location, flow.plan.known)
    return text.text if text.complete and text.text.startswith("s3://") else None


def _baseline(flow: Flow, name: str, path: str) -> str | None:
    """The file that a check step's property leads to: its own, or one of an earlier execution."""
    step = flow.record.step(name)
    return _text(step.properties, path) if step is not None and "Baseline" in path else None


def _receipt_at(flow: Flow, uri: str) -> tuple[str, OutputReceipt] | None:
    for step in flow.record.steps:
        for receipt in step.result.outputs if step.result else ():
            if within(uri, receipt.s3_uri):
                return step.name, receipt
    return None


def _entry(
    flow: Flow,
    writer: tuple[str, str] | None,
    step: StepRecord,
    to_input: str,
    uri: str,
    objects: Iterable[StoredObject],
) -> LineageEntry:
    return LineageEntry(
        from_step=writer[0] if writer else None,
        from_output=writer[1] if writer else None,
        to_step=step.name,
        to_input=to_input,
        s3_uri=uri,
        objects=tuple(LineageObject(uri=o.uri, size=o.size, etag=o.etag) for o in objects),
        substituted=writer is not None and _is_substituted(flow, writer[0]),
        timestamp=_time(step),
    )


def _is_substituted(flow: Flow, name: str) -> bool:
    step = flow.record.step(name)
    return step is not None and step.substitute is not None


def _time(step: StepRecord) -> datetime:
    moment = step.started_at or step.ended_at
    if moment is None:
        raise ValueError(f"step {step.name} is recorded without any time")
    return moment


def _packages(steps: Iterable[StepRecord]) -> Iterator[ModelPackage]:
    for step in steps:
        arn = _text(step.properties, "ModelPackageArn")
        if step.type == "RegisterModel" and arn:
            yield ModelPackage(step=step.name, arn=arn)


def _text(properties: Mapping[str, object], key: str) -> str | None:
    value = properties.get(key)
    return value if isinstance(value, str) else None
