"""Finds every reference inside a value; what the references mean is left to graph and checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from seatrial.definition import pointers
from seatrial.definition.expressions import Get, expression_of, parse_get
from seatrial.definition.model import Json, Step
from seatrial.definition.paths import PropertyPath
from seatrial.errors import ExpressionError

ReferenceKind = Literal["parameter", "execution", "step", "property-file"]
Trail: TypeAlias = tuple[str | int, ...]
_KINDS: dict[str, ReferenceKind] = {"Parameters": "parameter", "Execution": "execution", "Steps": "step"}


@dataclass(frozen=True)
class Reference:
    """One `Get`: what it names, and where it stands. `name` is the parameter, the variable or the step."""

    kind: ReferenceKind
    name: str
    pointer: str
    path: PropertyPath | None = None
    property_file: str | None = None

    @property
    def property_path(self) -> str | None:
        """The part of the `Get` after the step's name."""
        if self.property_file is not None:
            return f"PropertyFiles.{self.property_file}"
        return str(self.path) if self.path is not None else None


def references(value: Json, pointer: str = "") -> Iterator[Reference]:
    """Every well-formed reference inside `value`, in document order; malformed ones are left to `check`."""
    for function, operand, where in expressions(value, pointer):
        if function == "Get":
            try:
                yield _reference(parse_get(operand), where)
            except ExpressionError:
                continue


def expressions(value: Json, pointer: str = "") -> Iterator[tuple[str, Json, str]]:
    """Every expression inside `value`, outer before inner: function, operand, pointer."""
    for function, operand, trail in _expressions(value, ()):
        yield function, operand, pointers.child(pointer, *trail)


def _expressions(
    value: Json, trail: tuple[str | int, ...]
) -> Iterator[tuple[str, Json, tuple[str | int, ...]]]:
    """With the keys on the way there: to make a pointer for every member would take most of the time."""
    if isinstance(value, dict):
        expression = expression_of(value)
        if expression is not None:
            yield (*expression, trail)
        for key, member in value.items():
            if isinstance(member, dict | list):
                yield from _expressions(member, (*trail, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from _expressions(item, (*trail, index))


def own_values(step: Step) -> Iterator[tuple[Json, str]]:
    """The values of a step that hold its own references: not those of the steps in its branches."""
    arguments = {key: value for key, value in step.arguments.items() if key not in _branches_of(step)}
    yield from ((value, pointers.child(step.pointer, "Arguments", key)) for key, value in arguments.items())
    for key, value in step.raw.items():
        if key not in _NOT_EXPRESSIONS:
            yield value, pointers.child(step.pointer, key)


def step_references(step: Step) -> Iterator[Reference]:
    """Every reference that the step itself makes."""
    for value, pointer in own_values(step):
        yield from references(value, pointer)


_NOT_EXPRESSIONS = frozenset(
    {"Name", "Type", "Arguments", "DependsOn", "PropertyFiles", "DisplayName", "Description"}
)


def _branches_of(step: Step) -> frozenset[str]:
    return frozenset({"IfSteps", "ElseSteps"}) if step.type == "Condition" else frozenset()


def _reference(get: Get, where: str) -> Reference:
    kind: ReferenceKind = "property-file" if get.property_file is not None else _KINDS[get.root]
    return Reference(kind, get.name, where, get.path, get.property_file)
