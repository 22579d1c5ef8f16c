"""Objects that a step's own code wrote or deleted where no output of it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.many_objects import by_folder, listed, named, uris_of
from seatrial.dataflow.named_places import NamedPlaces, named_places
from seatrial.dataflow.own_calls import Object, Writer, deletions, is_deletion, object_of, writers, writes
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.observation import S3Call

# A function has no outputs in S3 to declare: to be told the place is all that it can be.
_WITHOUT_OUTPUTS = frozenset({"Lambda"})


@dataclass(frozen=True)
class _Kind:
    """What the calls of one finding have in common; `mentioned` is a pointer, `of` whose object it was."""

    mentioned: str | None
    of: str | None


def undeclared_writes(flow: Flow) -> Iterator[Finding]:
    """One finding for each place where a step's own code changed something."""
    wrote = writers(flow)
    for step in flow.ran():
        for (kind, _), calls in by_folder(_behind(flow, step, wrote)).items():
            yield _finding(flow, step, kind, calls)


def _behind(
    flow: Flow, step: StepRecord, wrote: Mapping[Object, Sequence[Writer]]
) -> Iterator[tuple[_Kind, S3Call]]:
    places: NamedPlaces | None = None
    passing = _passing(step)
    for call in (*writes(step), *deletions(step)):
        if object_of(call) in passing:
            continue
        places = places or named_places(flow, step)
        if not places.covers_write(call):
            others = (writer for writer in wrote.get(object_of(call), ()) if writer.step != step.name)
            kind = _Kind(places.mention(call), next((writer.label for writer in others), None))
            if kind.mentioned is None or kind.of is not None or step.type not in _WITHOUT_OUTPUTS:
                yield kind, call


def _passing(step: StepRecord) -> set[Object]:
    """What was written and taken away again: nobody ever finds it."""
    written = {object_of(call): call.first for call in writes(step)}
    return {
        object_of(call)
        for call in deletions(step)
        if object_of(call) in written and written[object_of(call)] <= call.last
    }


def _finding(flow: Flow, record: StepRecord, kind: _Kind, calls: Sequence[S3Call]) -> Finding:
    uris = uris_of(calls)
    did = " and ".join(sorted({"deleted" if is_deletion(call) else "wrote" for call in calls}, reverse=True))
    declares = (
        "where no output of the step lies" if kind.mentioned is None else "which an argument alone names"
    )
    whose = f"; {kind.of} writes there as well" if kind.of else ""
    return finding(
        "ST121",
        f"{record.name}'s own code {did} {named(uris)}, {declares}{whose}",
        where=kind.mentioned or flow.definition.pointer_of(record.name),
        also=uris[0],
        step=record.name,
        severity=_severity(kind),
        expected="an output of the step for everything that it writes",
        observed=listed(uris),
    )


def _severity(kind: _Kind) -> Severity | None:
    if kind.of is not None:
        return Severity.ERROR
    return Severity.NOTE if kind.mentioned is not None else None
