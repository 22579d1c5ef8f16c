"""Objects that a step's own code read and that the definition does not know of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.many_objects import by_folder, listed, named, uris_of
from seatrial.dataflow.named_places import NamedPlaces, named_places
from seatrial.dataflow.own_calls import Object, Writer, object_of, reads, writers, writes
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.observation import S3Call


@dataclass(frozen=True)
class _Kind:
    """What reads have in common that are one finding; `mentioned` is a pointer."""

    writer: str | None
    race: bool
    mentioned: str | None


def undeclared_reads(flow: Flow) -> Iterator[Finding]:
    """One finding for each place that a step's own code read from, and for each step that wrote there."""
    wrote = writers(flow)
    for step in flow.ran():
        found = [(kind, call) for call, kind in _behind(flow, step, wrote) if kind is not None]
        for (kind, _), calls in by_folder(found).items():
            yield _finding(flow, step, kind, uris_of(calls))


def _behind(
    flow: Flow, step: StepRecord, wrote: Mapping[Object, Sequence[Writer]]
) -> Iterator[tuple[S3Call, _Kind | None]]:
    places: NamedPlaces | None = None
    own = {object_of(call): call.first for call in writes(step)}
    for call in reads(step):
        written = own.get(object_of(call))
        if written is not None and written <= call.first:
            continue  # what it put there itself
        places = places or named_places(flow, step)
        if not places.covers_read(call):
            yield call, _kind(flow, step, places.mention(call), wrote.get(object_of(call), ()))


def _kind(flow: Flow, step: StepRecord, mentioned: str | None, wrote: Sequence[Writer]) -> _Kind | None:
    """None for what an argument speaks of, unless another step writes it at any time it likes."""
    others = [writer for writer in wrote if writer.step != step.name]
    race = next((writer for writer in others if not _waits(flow, step.name, writer.step)), None)
    if mentioned is not None and race is None:
        return None
    writer = race or next(iter(others), None)
    return _Kind(writer.label if writer else None, race is not None, mentioned)


def _waits(flow: Flow, reader: str, writer: str) -> bool:
    return reader in flow.graph.descendants(writer)


def _finding(flow: Flow, record: StepRecord, kind: _Kind, uris: Sequence[str]) -> Finding:
    declares = "no input of the step declares" if kind.mentioned is None else "an argument alone names"
    wrote = f"; {kind.writer} wrote it" if kind.writer else ""
    if kind.race:
        wrote += f", and {record.name} does not wait for that"
    return finding(
        "ST120",
        f"{record.name}'s own code read {named(uris)}, which {declares}{wrote}",
        where=kind.mentioned or flow.definition.pointer_of(record.name),
        also=uris[0],
        step=record.name,
        severity=Severity.ERROR if kind.race else None,
        expected="an input of the step for everything that it reads",
        observed=listed(uris),
    )
