"""One visitor over a request: what AWS's model of it forbids, in the service's words where they are known.

A null member counts as absent. What an expression yields is asked of `Visit.known`, so the same visitor reads
`Arguments` of a definition and resolved requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.definition import pointers
from seatrial.definition.model import Json
from seatrial.definition.paths import describe_kind
from seatrial.definition.report import PREFIX, listed, suggestion
from seatrial.definition.requests.patterns import compiled
from seatrial.definition.requests.shapes import Shape
from seatrial.ports.findings import Finding, Severity

FAILED = "Model Validation failed: "


@dataclass(frozen=True)
class Unresolved:
    """What is known of an expression's value before the run: its kind, `any` if nothing is."""

    kind: str


def as_written(value: Json) -> Json | Unresolved:
    """What is known of a value in a resolved request: it is what it is."""
    return value


@dataclass(frozen=True)
class Visit:
    """What stays the same during one visit; `known` gives an expression's value as far as it is known."""

    known: Callable[[Json], Json | Unresolved]
    step: str | None = None

    def error(self, code: str, message: str, where: str, hint: str, expected: str | None = None) -> Finding:
        """A finding about this request."""
        return Finding(code, Severity.ERROR, message, where, hint, step=self.step, expected=expected)


def violations(value: Json, shape: Shape, pointer: str, visit: Visit | None = None) -> Iterator[Finding]:
    """Every violation in `value` and below."""
    visit = visit or Visit(as_written)
    known = visit.known(value)
    if isinstance(known, Unresolved):
        yield from _kind_violation(known, shape, pointer, visit)
        return
    expected, accepted = _TYPES[shape.type_name]
    if not isinstance(known, accepted) or (isinstance(known, bool) and shape.type_name != "boolean"):
        yield _wrong_type(known, expected, shape, pointer, visit, written=value)
        return
    yield from _RULES[shape.type_name](known, shape, pointer, visit)


_NUMBERS = (int, float)
_TYPES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "structure": ("an object", (Mapping,)),
    "map": ("an object", (Mapping,)),
    "list": ("a list", (list, tuple)),
    "string": ("a string", (str,)),
    "character": ("a string", (str,)),
    "blob": ("a string", (str, bytes)),
    "integer": ("an integer", (int,)),
    "long": ("an integer", (int,)),
    "float": ("a number", _NUMBERS),
    "double": ("a number", _NUMBERS),
    "boolean": ("true or false", (bool,)),
    "timestamp": ("a time", (*_NUMBERS, str)),
}

# What an expression may yield where a shape is expected.
_KINDS: Mapping[str, frozenset[str]] = {
    "string": frozenset({"string"}),
    "character": frozenset({"string"}),
    "blob": frozenset({"string"}),
    "integer": frozenset({"integer"}),
    "long": frozenset({"integer"}),
    "float": frozenset({"integer", "float"}),
    "double": frozenset({"integer", "float"}),
    "boolean": frozenset({"boolean"}),
    "timestamp": frozenset({"string", "integer", "float"}),
    "structure": frozenset({"structure"}),
    "map": frozenset({"map"}),
    "list": frozenset({"list"}),
}


_MAKE_TEXT = 'use .to_string() on it, or wrap it: {"Std:Join": {"On": "", "Values": [{"Get": …}]}}'


def _kind_violation(known: Unresolved, shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    if known.kind == "any" or known.kind in _KINDS[shape.type_name]:
        return
    expected = _TYPES[shape.type_name][0]
    message = f"{FAILED}Value for '{shape.name}' is of type {known.kind}, expected {expected}"
    if shape.type_name == "string":
        hint = _MAKE_TEXT
    elif shape.type_name in ("structure", "map", "list"):
        hint = f"write {expected} here, with expressions inside it"
    else:
        hint = f"refer to something that is {expected}, or change the parameter's Type"
    yield visit.error("ST026", message, pointer, hint, expected)


def _wrong_type(
    value: Json, expected: str, shape: Shape, pointer: str, visit: Visit, *, written: Json
) -> Finding:
    message = (
        f"{FAILED}Value {_shown(value)} for '{shape.name}' is {describe_kind(value)}, expected {expected}"
    )
    hint = f"write {expected}"
    if expected == "a string" and isinstance(value, int | float):
        # Of a parameter the value is its default: to write that down is not what the author wants.
        hint = f'write "{value}"' if written is value else _MAKE_TEXT
    return visit.error("ST022", message, pointer, hint, expected)


def _structure(value: Mapping[str, Json], shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    for name in shape.required_members:
        if value.get(name) is None:
            message = f"{FAILED}Missing required member '{name}' of '{shape.name}'"
            yield visit.error("ST021", message, pointer, f'add "{name}"')
    for name, member in value.items():
        if name not in shape.members:
            yield unknown_member(name, shape.members, pointer, visit)
        elif member is not None:
            yield from violations(member, shape.members[name], pointers.child(pointer, name), visit)
    present = [name for name, member in value.items() if member is not None and name in shape.members]
    if getattr(shape, "is_tagged_union", False) and len(present) != 1:
        message = f"{FAILED}'{shape.name}' takes exactly one member, not {len(present)}"
        yield visit.error("ST021", message, pointer, f"write one of: {listed(shape.members)}")


def unknown_member(
    name: str, known: Mapping[str, object] | frozenset[str], pointer: str, visit: Visit
) -> Finding:
    """The finding for a member that the service does not take."""
    message = f"{PREFIX}Unknown Argument member '{name}'."
    hint = f"remove it, or {suggestion(name, sorted(known))}"
    return visit.error("ST020", message, pointers.child(pointer, name), hint)


def _map(value: Mapping[str, Json], shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    yield from _limits(len(value), "entries", shape, pointer, visit)
    for key, member in value.items():
        place = pointers.child(pointer, key)
        yield from violations(key, shape.key, place, Visit(as_written, visit.step))
        yield from violations(member, shape.value, place, visit)


def _list(value: list[Json], shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    yield from _limits(len(value), "items", shape, pointer, visit)
    for index, item in enumerate(value):
        yield from violations(item, shape.member, pointers.child(pointer, index), visit)


def _string(value: str, shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    if shape.enum and value not in shape.enum:
        message = f"{FAILED}Value '{_cut(value)}' for '{shape.name}' failed to satisfy enum value set: "
        yield visit.error("ST023", f"{message}[{listed(shape.enum)}]", pointer, _choice(value, shape.enum))
        return
    yield from _limits(len(value), "characters", shape, pointer, visit)
    pattern = shape.metadata.get("pattern")
    matcher = compiled(pattern) if pattern else None
    if matcher is not None and not matcher.fullmatch(value):
        message = (
            f"{FAILED}Value '{_cut(value)}' for '{shape.name}' failed to satisfy regular expression pattern: "
        )
        yield visit.error(
            "ST024", message + str(pattern), pointer, "write a value that matches the whole pattern"
        )


def _choice(value: str, choices: Sequence[str]) -> str:
    newer = " (a newer botocore may know more)" if len(choices) > _MANY_CHOICES else ""
    return suggestion(value, choices) + newer


def _number(value: float, shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    yield from _bounds(value, f"Value {value}", "", shape, pointer, visit)


def _limits(count: int, unit: str, shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    yield from _bounds(count, f"Value with {count} {unit}", f" {unit}", shape, pointer, visit)


def _bounds(
    measure: float, said: str, unit: str, shape: Shape, pointer: str, visit: Visit
) -> Iterator[Finding]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and measure < least:
        limit = f"greater than or equal to {least}"
    elif most is not None and measure > most:
        limit = f"less than or equal to {most}"
    else:
        return
    message = f"{FAILED}{said} for '{shape.name}' failed to satisfy constraint: must be {limit}{unit}"
    yield visit.error("ST025", message, pointer, f"keep it {limit}{unit}", limit)


def _anything(value: Json, shape: Shape, pointer: str, visit: Visit) -> Iterator[Finding]:
    return iter(())


def _shown(value: Json) -> str:
    return _cut(repr(value)) if not isinstance(value, Mapping | list) else "given"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


_LONGEST_SHOWN = 120
_MANY_CHOICES = 50  # instance types, regions: AWS adds to such sets every month
_RULES: Mapping[str, Callable[..., Iterator[Finding]]] = {
    "structure": _structure,
    "map": _map,
    "list": _list,
    "string": _string,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
    "character": _anything,
    "blob": _anything,
    "boolean": _anything,
    "timestamp": _anything,
}
