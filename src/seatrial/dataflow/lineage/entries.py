"""Which step read what, and who wrote it; joined by what was really read and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from seatrial.dataflow.flow import PREFIX_PARAMETER, Flow
from seatrial.dataflow.lineage.model import FlowKind, LineageEntry, LineageObject
from seatrial.dataflow.lineage.stored import objects_now
from seatrial.dataflow.lineage.writers import Writer, Writers
from seatrial.dataflow.places import within
from seatrial.dataflow.reads import Read
from seatrial.definition import Json, references
from seatrial.outputs import Known, text_of
from seatrial.ports.executions import StepRecord
from seatrial.ports.jobs import InputReceipt, OutputReceipt
from seatrial.ports.storage import StoredObject

_METRICS = ("ModelMetrics", "DriftCheckBaselines")
_OK = 200


def entries_of(flow: Flow) -> tuple[LineageEntry, ...]:
    """Every flow into a step that did something, here or in the execution that its outcome is of."""
    writers = Writers(flow.record.steps)
    return tuple(entry for step in flow.told() for entry in _entries(flow, writers, step))


def time_of(step: StepRecord) -> datetime:
    """When a step began, as far as that is known."""
    moment = step.started_at or step.ended_at
    if moment is None:
        raise ValueError(f"step {step.name} is recorded without any time")
    return moment


def place_of(flow: Flow, location: Json, reader: StepRecord) -> str | None:
    """The location as it was when the step ran, if all that it is made of is known."""
    known = _known(flow, reader)
    properties = {step.name: dict(step.properties) for step in flow.record.steps}
    text = text_of(location, Known(known.parameters, known.execution, properties))
    return text.text if text.complete else None


def _entries(flow: Flow, writers: Writers, step: StepRecord) -> Iterator[LineageEntry]:
    staged = step.result.inputs if step.result else ()
    declared = [
        *(entry for receipt in staged for entry in _staged(flow, writers, step, receipt)),
        *_named(flow, writers, step, frozenset(receipt.name for receipt in staged)),
        *_property_files(flow, step),
    ]
    yield from declared
    known = {stored.uri for entry in declared for stored in entry.objects}
    yield from _called(flow, writers, step, known | {entry.s3_uri for entry in declared})


def _staged(flow: Flow, writers: Writers, step: StepRecord, receipt: InputReceipt) -> Iterator[LineageEntry]:
    """What a job's input held, told apart by who wrote each object."""
    read = flow.plan.read(step.name, receipt.name)
    kind = _kind(read) if read else "data"
    by_writer: dict[tuple[str, str] | None, list[StoredObject]] = {}
    for stored in receipt.objects:
        by_writer.setdefault(_names(writers.of_object(stored, step)), []).append(stored)
    for writer, objects in by_writer.items():
        yield _entry(flow, writer, step, receipt.name, receipt.s3_uri, _recorded(objects), kind)


def _named(flow: Flow, writers: Writers, step: StepRecord, staged: frozenset[str]) -> Iterator[LineageEntry]:
    """What a step names without staging it: a model's archive, metrics, code that its container fetches."""
    for read in flow.plan.reads:
        if read.step == step.name and read.kind != "mention" and read.name not in staged:
            uri = _uri(flow, read, step)
            if uri is not None:
                writer = writers.of_place(uri, step)
                objects = _named_of(flow, writer[1], read, step) if writer else objects_now(flow, uri)
                yield _entry(flow, _names(writer), step, read.name, uri, objects, _kind(read, step))


def _named_of(flow: Flow, receipt: OutputReceipt, read: Read, step: StepRecord) -> tuple[LineageObject, ...]:
    """The objects of an output that a location means: a file in it is often named, and not all of it."""
    place = place_of(flow, read.location, step)
    narrow = place is not None and within(place, receipt.s3_uri)
    return _recorded(o for o in receipt.objects if place is None or not narrow or within(o.uri, place))


def _property_files(flow: Flow, step: StepRecord) -> Iterator[LineageEntry]:
    for edge in flow.graph.edges:
        path = edge.property_path or ""
        if edge.downstream == step.name and path.startswith("PropertyFiles."):
            found = flow.plan.referred(edge.upstream, path)
            info = flow.registry.get_step_output_info(*found) if found else None
            if info is not None:
                kind: FlowKind = "decision" if step.type == "Condition" else "data"
                file = _recorded(_property_file(flow, edge.upstream, path.partition(".")[2]))
                yield _entry(flow, found, step, path, info.s3_uri, file, kind)


def _property_file(flow: Flow, name: str, file: str) -> Iterator[StoredObject]:
    """The object of a property file, as its step wrote it."""
    step, record = flow.definition.step(name), flow.record.step(name)
    declared = next((f for f in step.property_files if f.name == file), None) if step else None
    for receipt in record.result.outputs if record and record.result and declared else ():
        if declared and receipt.name == declared.output_name:
            wanted = f"{receipt.s3_uri.rstrip('/')}/{declared.file_path.lstrip('/')}"
            yield from (stored for stored in receipt.objects if stored.uri == wanted)


def _called(flow: Flow, writers: Writers, step: StepRecord, known: Collection[str]) -> Iterator[LineageEntry]:
    """What the step's own code was seen to fetch, besides what the definition has it read; by folder."""
    result = step.result
    calls = (result.observation.calls or ()) if result and result.observation else ()
    fetched = (c.uri for c in calls if c.operation == "GetObject" and _OK <= c.status < 300)
    own = {stored.uri for receipt in (result.outputs if result else ()) for stored in receipt.objects}
    together: dict[tuple[tuple[str, str] | None, str], list[tuple[str, tuple[LineageObject, ...]]]] = {}
    for uri in dict.fromkeys(fetched):
        found = writers.at(uri, step)
        if uri not in known and (found or uri not in own):  # what it wrote itself came from nowhere else
            objects = _recorded([found[1]]) if found else objects_now(flow, uri)
            folder = f"{uri.rpartition('/')[0]}/"
            together.setdefault((_names(found[0] if found else None), folder), []).append((uri, objects))
    for (writer, folder), fetches in together.items():
        place = fetches[0][0] if len(fetches) == 1 else folder
        objects = tuple(stored for _, each in fetches for stored in each)
        yield _entry(flow, writer, step, "its own call", place, objects, "call")


def _kind(read: Read, step: StepRecord | None = None) -> FlowKind:
    if read.kind == "code" or read.kind == "model":
        return read.kind
    if step is not None and step.type == "Condition":
        return "decision"
    return "metrics" if any(part in read.pointer for part in _METRICS) else "data"


def _uri(flow: Flow, read: Read, step: StepRecord) -> str | None:
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
    text = text_of(read.location, _known(flow, step))
    return text.text if text.complete and text.text.startswith("s3://") else None


def _known(flow: Flow, step: StepRecord) -> Known:
    """What a location may be made of; the prefix of this execution is not that of another."""
    known = flow.plan.known
    if step.reuse is None:
        return known
    return Known({name: value for name, value in known.parameters.items() if name != PREFIX_PARAMETER}, {})


def _baseline(flow: Flow, name: str, path: str) -> str | None:
    """The file that a check step's property leads to: its own, or one of an earlier execution."""
    step = flow.record.step(name)
    return _text(step.properties, path) if step is not None and "Baseline" in path else None


def _names(writer: Writer | None) -> tuple[str, str] | None:
    return (writer[0], writer[1].name) if writer else None


def _recorded(objects: Iterable[StoredObject]) -> tuple[LineageObject, ...]:
    return tuple(LineageObject(uri=o.uri, size=o.size, etag=o.etag) for o in objects)


def _entry(
    flow: Flow,
    writer: tuple[str, str] | None,
    step: StepRecord,
    to_input: str,
    uri: str,
    objects: tuple[LineageObject, ...],
    kind: FlowKind,
) -> LineageEntry:
    return LineageEntry(
        from_step=writer[0] if writer else None,
        from_output=writer[1] if writer else None,
        to_step=step.name,
        to_input=to_input,
        s3_uri=uri,
        objects=objects,
        substituted=writer is not None and _is_substituted(flow, writer[0]),
        timestamp=time_of(step),
        kind=kind,
        reused_from=step.reuse.source_id if step.reuse else None,
    )


def _is_substituted(flow: Flow, name: str) -> bool:
    step = flow.record.step(name)
    return step is not None and step.substitute is not None


def _text(properties: Mapping[str, object], key: str) -> str | None:
    value = properties.get(key)
    return value if isinstance(value, str) else None
