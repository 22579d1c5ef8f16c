"""What each condition decided, and the values in JSON objects that it read for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.entries import place_of
from seatrial.dataflow.lineage.model import Decision, DecisionValue, LineageEntry, LineageObject
from seatrial.dataflow.lineage.stored import content_of
from seatrial.definition import Json, PropertyPath, Step, look_up
from seatrial.definition.references import expressions
from seatrial.errors import ExpressionError
from seatrial.ports.executions import StepRecord

_Entries = Sequence[LineageEntry]


def decisions_of(flow: Flow, entries: tuple[LineageEntry, ...]) -> tuple[Decision, ...]:
    """Every condition that was decided, in the order in which that happened."""
    return tuple(
        Decision(
            step=record.name,
            outcome=outcome,
            read=tuple(_read(flow, step, record, [e for e in entries if e.to_step == record.name])),
        )
        for record in flow.record.steps
        if (outcome := _outcome(record)) is not None
        and (step := flow.definition.step(record.name)) is not None
    )


def _outcome(record: StepRecord) -> bool | None:
    outcome = record.properties.get("Outcome") if record.type == "Condition" else None
    return outcome if isinstance(outcome, bool) else None


def _read(flow: Flow, step: Step, record: StepRecord, mine: _Entries) -> Iterator[DecisionValue]:
    found = (
        _value(flow, operand, record, mine)
        for function, operand, _ in expressions(step.arguments.get("Conditions"), "")
        if function == "Std:JsonGet" and isinstance(operand, Mapping)
    )
    yield from dict.fromkeys(found)


def _value(flow: Flow, operand: Mapping[str, Json], record: StepRecord, mine: _Entries) -> DecisionValue:
    path = str(operand.get("Path", ""))
    if "PropertyFile" in operand:
        source, stored = _property_file(operand, mine)
    else:
        source, stored = _object(place_of(flow, operand.get("S3Uri"), record), mine)
    if stored is None:
        return DecisionValue(source=source, path=path, note="not known which object was read")
    return _value_in(flow, stored, source, path)


def _property_file(operand: Mapping[str, Json], mine: _Entries) -> tuple[str, LineageObject | None]:
    get = operand["PropertyFile"]
    named = str(get.get("Get", "")).removeprefix("Steps.") if isinstance(get, Mapping) else ""
    step, _, file = named.partition(".")
    read = (e.objects for e in mine if (e.from_step, e.to_input) == (step, file))
    return named, next((objects[0] for objects in read if objects), None)


def _object(place: str | None, mine: _Entries) -> tuple[str, LineageObject | None]:
    for entry in mine:
        for stored in entry.objects:
            if stored.uri == place:
                return entry.s3_uri, stored
    return place or "an S3 object", None


def _value_in(flow: Flow, stored: LineageObject, source: str, path: str) -> DecisionValue:
    content, note = content_of(flow, stored)
    value = None
    if content is not None:
        try:
            value = json.dumps(look_up(json.loads(content), PropertyPath.parse(path), key_fields={}))
        except (ValueError, ExpressionError):
            note = "the object has no such value"
    return DecisionValue(source=source, path=path, value=value, uri=stored.uri, etag=stored.etag, note=note)
