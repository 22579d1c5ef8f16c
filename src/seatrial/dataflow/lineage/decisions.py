"""What each condition decided, and the values in JSON objects that it read for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.model import Decision, DecisionValue, LineageEntry, LineageObject
from seatrial.dataflow.lineage.stored import content_of
from seatrial.definition import Json, PropertyPath, Step, look_up
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
    get = operand.get("PropertyFile")
    named = str(get.get("Get", "")).removeprefix("Steps.") if isinstance(get, Mapping) else ""
    step, _, file = named.partition(".")
    entry = next(
        (
            e
            for e in mine
            if (not named and e.to_input == "Std:JsonGet") or (e.from_step, e.to_input) == (step, file)
        ),
        None,
    )
    source = named or (entry.s3_uri if entry else "an S3 object")
    stored = entry.objects[0] if entry and entry.objects else None
    if stored is None:
        return DecisionValue(source=source, path=path, note="not known which object was read")
    return _value_in(flow, stored, source, path)


def _value_in(flow: Flow, stored: LineageObject, source: str, path: str) -> DecisionValue:
    content, note = content_of(flow, stored)
    value = None
    if content is not None:
        try:
            value = json.dumps(look_up(json.loads(content), PropertyPath.parse(path), key_fields={}))
        except (ValueError, ExpressionError):
            note = "the object has no such value"
    return DecisionValue(source=source, path=path, value=value, uri=stored.uri, etag=stored.etag, note=note)
