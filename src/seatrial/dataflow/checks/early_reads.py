"""Objects that a step's own code asked for before another step of the execution had written them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.many_objects import by_folder, listed, named, uris_of
from seatrial.dataflow.own_calls import Object, Writer, is_look, looks, object_of, writers
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.observation import S3Call


@dataclass(frozen=True)
class _Kind:
    """What such reads have in common that are one finding; `settled`: the writer always comes after."""

    writer: str
    label: str
    absent: bool
    settled: bool


def early_reads(flow: Flow) -> Iterator[Finding]:
    """One finding for each step that was too early, and for each that it was too early for."""
    wrote = writers(flow)
    for step in flow.ran():
        for (kind, _), calls in by_folder(_early(flow, step, wrote)).items():
            yield _finding(flow, step, kind, uris_of(calls))


def _early(
    flow: Flow, step: StepRecord, wrote: Mapping[Object, Sequence[Writer]]
) -> Iterator[tuple[_Kind, S3Call]]:
    for call in looks(step):
        later = [
            writer
            for writer in wrote.get(object_of(call), ())
            if writer.step != step.name and writer.ended is not None and call.first < writer.ended
        ]
        if not later:
            continue
        writer = later[0]
        settled = writer.step in flow.graph.descendants(step.name)
        if settled and is_look(call):
            continue  # whether there is one from an earlier execution is a fair question
        yield _Kind(writer.step, writer.label, call.status == 404, settled), call


def _finding(flow: Flow, record: StepRecord, kind: _Kind, uris: Sequence[str]) -> Finding:
    what = "asked in vain for" if kind.absent else "read"
    order = f"runs before {kind.writer}" if kind.settled else f"does not wait for {kind.writer}"
    return finding(
        "ST122",
        f"{record.name}'s own code {what} {named(uris)} before {kind.label} had written it; "
        f"{record.name} {order}",
        where=flow.definition.pointer_of(record.name),
        also=uris[0],
        step=record.name,
        severity=Severity.WARNING if kind.settled else None,
        expected=f"{kind.writer} to have ended before",
        observed=listed(uris),
    )
