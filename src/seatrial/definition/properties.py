"""What `Steps.<name>.<path>` can see: the path is walked through the Describe response's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from seatrial.definition.expressions import expression_of
from seatrial.definition.model import Json, Step, StepShape
from seatrial.definition.output_parameters import KEY as OUTPUT_PARAMETERS
from seatrial.definition.output_parameters import KINDS as OUTPUT_KINDS
from seatrial.definition.output_parameters import declared_outputs
from seatrial.definition.paths import KEY_FIELDS, PropertyPath
from seatrial.definition.report import listed, suggestion
from seatrial.definition.requests.shapes import Shape
from seatrial.definition.service_model import named_shape
from seatrial.definition.tuning_jobs import most_listed, place_of

KINDS: Mapping[str, str] = {
    "integer": "integer",
    "long": "integer",
    "float": "float",
    "double": "float",
    "string": "string",
    "boolean": "boolean",
    "list": "list",
    "map": "map",
    "structure": "structure",
}


@dataclass(frozen=True)
class Dead:
    """Why a path leads nowhere, and what could be meant."""

    message: str
    hint: str


@dataclass(frozen=True)
class Live:
    """Where a path leads: the kind of value, `any` where only the run can tell."""

    kind: str


def follow(path: PropertyPath, step: Step, shape: StepShape) -> Live | Dead:
    """Where `Steps.<step>.<path>` leads."""
    if path.segments[0] == OUTPUT_PARAMETERS and OUTPUT_PARAMETERS in shape.extra_keys:
        return _into_outputs(path, step)
    found = _through_shapes(path, shape)
    if isinstance(found, Dead):
        return found
    return undeclared(path, step) or _not_tried(path, step) or found


def _into_outputs(path: PropertyPath, step: Step) -> Live | Dead:
    """The value itself: a nested one travels as text, and the service refuses to look into it."""
    declared = declared_outputs(step)
    if len(path.segments) == 1:
        return Live("structure")
    name = str(path.segments[1])
    if name not in declared:
        return _not_declared(name, OUTPUT_PARAMETERS, step, list(declared))
    if len(path.segments) > 2:
        shown = PropertyPath(path.segments[:2])
        return Dead(f"{shown} is a single value; nothing is inside it", f"stop at {shown}")
    return Live(OUTPUT_KINDS.get(declared[name], "any"))


def _through_shapes(path: PropertyPath, step_shape: StepShape) -> Live | Dead:
    first = path.segments[0]
    if step_shape.undocumented or first in step_shape.extra_properties:
        return Live("any")
    names = [name for name in (step_shape.describe_shape, *step_shape.merged_shapes) if name]
    shapes = [named_shape(name) for name in names]
    holder = next((shape for shape in shapes if first in shape.members), None)
    if holder is None:
        known = [*step_shape.extra_properties, *(member for shape in shapes for member in shape.members)]
        return _no_member(first, f"a {step_shape.type} step", known)
    return _walk(path, holder)


def _walk(path: PropertyPath, shape: Shape) -> Live | Dead:
    parent = ""
    for depth, segment in enumerate(path.segments):
        following = _into(shape, segment, parent, PropertyPath(path.segments[:depth]))
        if isinstance(following, Dead):
            return following
        shape, parent = following, str(segment)
    return Live(KINDS.get(shape.type_name, "any"))


def _into(shape: Shape, segment: str | int, parent: str, sofar: PropertyPath) -> Shape | Dead:
    if shape.type_name == "structure":
        return shape.members.get(str(segment)) or _no_member(segment, str(sofar), shape.members)
    if shape.type_name == "map":
        return shape.value
    if shape.type_name == "list":
        if isinstance(segment, int) or parent in KEY_FIELDS:
            return shape.member
        return Dead(f"{sofar} is a list read by index, not by name", f"write {sofar}[0]")
    return Dead(f"{sofar} is {_articled(shape.type_name)}; nothing is inside it", f"stop at {sofar}")


def _no_member(segment: str | int, holder: str, known: Iterable[str]) -> Dead:
    return Dead(f"{holder} has no property {str(segment)!r}", suggestion(segment, known))


def _articled(type_name: str) -> str:
    return f"{'an' if type_name[0] in 'aeiou' else 'a'} {type_name}"


def undeclared(path: PropertyPath, step: Step) -> Dead | None:
    """Why the step's own Arguments cannot give the named item: responses mirror the lists of the request."""
    value: Json = step.arguments
    parent = ""
    for depth, segment in enumerate(path.segments):
        if expression_of(value) is not None:
            return None
        if isinstance(value, list):
            value, names = _item(value, segment, KEY_FIELDS.get(parent, ""))
            if value is None:
                return _not_declared(segment, parent, step, names)
        elif isinstance(value, Mapping) and value.get(str(segment)) is not None:
            value = value[str(segment)]
        else:
            return _absent(path.segments[depth:], parent, step, value)
        parent = str(segment)
    return None


# Lists that a response copies from the request and never fills by itself.
_MIRRORED = frozenset({"Outputs", "ProcessingInputs", "InputDataConfig"})
_MIRRORED_MAPS = frozenset({"Environment", "HyperParameters"})


def _absent(rest: tuple[str | int, ...], parent: str, step: Step, value: Json) -> Dead | None:
    """What an absent member means: nothing where the service may add it, the end where it only mirrors."""
    if parent in _MIRRORED_MAPS and isinstance(value, Mapping):
        return _not_declared(rest[0], parent, step, list(value))
    for depth, (holder, segment) in enumerate(pairwise(rest)):
        # A map of that name deeper down is another one: a container's Environment in an answer, say.
        own_map = holder in _MIRRORED_MAPS and depth == 0 and not parent
        if holder in _MIRRORED or own_map:
            return _not_declared(segment, str(holder), step, [])
    return None


def _item(items: list[Json], segment: str | int, key_field: str) -> tuple[Json, list[str]]:
    if isinstance(segment, int):
        return (items[segment] if 0 <= segment < len(items) else None), []
    named = [(item.get(key_field), item) for item in items if isinstance(item, Mapping)]
    if any(not isinstance(name, str) for name, _ in named):  # a name that is an expression may be the one
        return {"Get": ""}, []
    return next((item for name, item in named if name == segment), None), [str(name) for name, _ in named]


def _not_tried(path: PropertyPath, step: Step) -> Dead | None:
    """Why a tuning step cannot list the training job."""
    place, most = place_of(path), most_listed(step.arguments)
    if step.type != "Tuning" or place is None or place < most:
        return None
    message = (
        f"step {step.name!r} lists {most} training jobs at most, counted from 0: {place} is none of them"
    )
    return Dead(message, f"TrainingJobSummaries[{most - 1}] is the last")


def _not_declared(segment: str | int, parent: str, step: Step, names: list[str]) -> Dead:
    declared = f"it declares {listed(names)}" if names else "it declares none"
    message = f"step {step.name!r} declares no {segment!r} in {parent}; {declared}"
    return Dead(message, suggestion(segment, names) if names else f"declare it in step {step.name!r}")
