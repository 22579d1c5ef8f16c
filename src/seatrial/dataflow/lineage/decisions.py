"""What each condition decided, and the values in JSON objects that it read for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.model import Decision, DecisionValue, LineageEntry, LineageObject
from seatrial.dataflow.lineage.stored import content_of
from seatrial.definition import Json, PropertyPath, Step, look_up, references
from seatrial.definition.references import expressions
from seatrial.errors import ExpressionError
from seatrial.ports.executions import StepRecord


def decisions_of(flow: Flow, entries: tuple[LineageEntry, ...]) -> tuple[Decision, ...]:
    """Every condition that was decided, in the order in which that happened."""
    return tuple(
        Decision(step=record.name, outcome=outcome, read=tuple(_read(flow, step, entries)))
        for record in flow.record.steps
        if (outcome := _outcome(record)) is not None
        and (step := flow.definition.step(record.name)) is not None
    )


def _outcome(record: StepRecord) -> bool | None:
    outcome = record.properties.get("Outcome") if record.type == "Condition" else None
    return outcome if isinstance(outcome, bool) else None


def _read(flow: Flow, step: Step, entries: tuple[LineageEntry, ...]) -> Iterator[DecisionValue]:
    mine = [entry for entry in entries if entry.to_step == step.name]
    seen = set()
    for function, operand, _ in expressions(step.arguments.get("Conditions"), ""):
        if function == "Std:JsonGet" and isinstance(operand, Mapping):
            value = _value(flow, operand, mine)
            if value not in seen:
                seen.add(value)
                yield value


def _value(flow: Flow, operand: Mapping[str, Json], mine: list[LineageEntry]) -> DecisionValue:
    path = str(operand.get("Path", ""))
    source, entry = _property_file(operand, mine) if "PropertyFile" in operand else _object(operand, mine)
    stored = _one_of(entry.objects, operand.get("S3Uri")) if entry else None
    if stored is None:
        return DecisionValue(source=source, path=path, note="not known which object was read")
    return _value_in(flow, stored, source, path)


def _property_file(operand: Mapping[str, Json], mine: list[LineageEntry]) -> tuple[str, LineageEntry | None]:
    get = operand["PropertyFile"]
    named = str(get.get("Get", "")).removeprefix("Steps.") if isinstance(get, Mapping) else ""
    step, _, file = named.partition(".")
    return named, next((e for e in mine if (e.from_step, e.to_input) == (step, file)), None)


def _object(operand: Mapping[str, Json], mine: list[LineageEntry]) -> tuple[str, LineageEntry | None]:
    """By the step whose output the location is made of, else by the location itself."""
    location = operand.get("S3Uri")
    steps = {reference.name for reference in references(location) if reference.kind == "step"}
    read = [entry for entry in mine if entry.to_input == "Std:JsonGet"]
    found = [e for e in read if e.from_step in steps or (not steps and location in (e.s3_uri, None))]
    # A location made of parameters alone is none of these texts; one entry leaves no doubt.
    entry = found[0] if found else read[0] if len(read) == 1 else None
    return entry.s3_uri if entry else "an S3 object", entry


def _one_of(objects: tuple[LineageObject, ...], location: Json) -> LineageObject | None:
    """The object that a location means: the only one, or the one whose name the location ends with."""
    if len(objects) == 1:
        return objects[0]
    joined = location.get("Std:Join") if isinstance(location, Mapping) else None
    values = joined.get("Values") if isinstance(joined, Mapping) else None
    tail = values[-1] if isinstance(values, list) and values else location
    if not isinstance(tail, str) or not tail:
        return None
    return next((stored for stored in objects if stored.uri.endswith(tail)), None)


def _value_in(flow: Flow, stored: LineageObject, source: str, path: str) -> DecisionValue:
    content, note = content_of(flow, stored)
    value = None
    if content is not None:
        try:
            value = json.dumps(look_up(json.loads(content), PropertyPath.parse(path), key_fields={}))
        except (ValueError, ExpressionError):
            note = "the object has no such value"
    return DecisionValue(source=source, path=path, value=value, uri=stored.uri, etag=stored.etag, note=note)
