"""Conditions: known types, whole operands, and sides that can be compared at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.conditions import CONDITIONS
from seatrial.definition.model import Json
from seatrial.definition.paths import describe_kind
from seatrial.definition.report import suggestion
from seatrial.definition.requests.rules import Unresolved
from seatrial.ports.findings import Finding

Faults = Iterator[tuple[str, str, str]]
_OPERANDS: Mapping[str, tuple[str, ...]] = {
    "In": ("QueryValue", "Values"),
    "Not": ("Condition",),
    "Or": ("Conditions",),
}
_TWO_SIDED = ("LeftValue", "RightValue")
_GROUPS = {"integer": "a number", "float": "a number", "string": "a string", "boolean": "a boolean"}


def check_conditions(subject: Subject) -> Iterator[Finding]:
    """Every condition of every Condition step can be decided."""
    for step in subject.definition.all_steps():
        if step.type == "Condition":
            pointer = pointers.child(step.pointer, "Arguments", "Conditions")
            for where, message, hint in _list(step.arguments.get("Conditions"), pointer, subject.known):
                yield error("ST028", message, where, hint, step=step)


def _list(conditions: Json, pointer: str, known: Callable[[Json], Json]) -> Faults:
    if not isinstance(conditions, list) or not conditions:
        yield pointer, "a list of conditions is needed here", 'write "Conditions": [{"Type": "Equals", …}]'
        return
    for index, condition in enumerate(conditions):
        yield from _condition(condition, pointers.child(pointer, index), known)


def _condition(condition: Json, pointer: str, known: Callable[[Json], Json]) -> Faults:
    kind = condition.get("Type") if isinstance(condition, Mapping) else None
    if not isinstance(kind, str) or kind not in CONDITIONS:
        yield pointer, f"there is no condition type {kind!r}", suggestion(kind, CONDITIONS)
        return
    operands = _OPERANDS.get(kind, _TWO_SIDED)
    for key in operands:
        if key not in condition:
            yield pointer, f"condition {kind} has no {key}", f'add "{key}"'
    for key in condition:
        if key not in (*operands, "Type"):
            hint = f"remove it, or {suggestion(key, operands)}"
            yield pointers.child(pointer, key), f"condition {kind} has no operand {key!r}", hint
    yield from _inside(kind, condition, pointer, known)


def _inside(kind: str, condition: Mapping[str, Json], pointer: str, known: Callable[[Json], Json]) -> Faults:
    if kind == "Not" and "Condition" in condition:
        yield from _condition(condition["Condition"], pointers.child(pointer, "Condition"), known)
    elif kind == "Or" and "Conditions" in condition:
        yield from _list(condition["Conditions"], pointers.child(pointer, "Conditions"), known)
    elif kind == "In":
        yield from _membership(condition, pointer, known)
    elif all(key in condition for key in _TWO_SIDED):
        yield from _comparable(condition["LeftValue"], condition["RightValue"], pointer, known)


def _membership(condition: Mapping[str, Json], pointer: str, known: Callable[[Json], Json]) -> Faults:
    values = condition.get("Values", [])
    if not isinstance(values, list):
        yield pointers.child(pointer, "Values"), "In needs a list of Values", 'write "Values": […]'
        return
    for index, value in enumerate(values):
        place = pointers.child(pointer, "Values", index)
        yield from _comparable(condition.get("QueryValue"), value, place, known)


def _comparable(left: Json, right: Json, pointer: str, known: Callable[[Json], Json]) -> Faults:
    one, other = _group(known(left)), _group(known(right))
    if one is not None and other is not None and one != other:
        yield pointer, f"{one} is compared with {other}", "give both sides the same type"


def _group(value: Json) -> str | None:
    if isinstance(value, Unresolved):
        return _GROUPS.get(value.kind)
    return describe_kind(value) if value is not None else None
