"""Properties that are given for a step, against the shape of the response that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from seatrial.definition import PropertyPath, StepShape, look_up
from seatrial.definition.properties import KINDS
from seatrial.definition.report import suggestion
from seatrial.definition.requests.shapes import Shape
from seatrial.definition.service_model import named_shape
from seatrial.errors import ExpressionError

_FITS: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "float": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "list": (list, tuple),
    "map": (Mapping,),
    "structure": (Mapping,),
}


def ill_typed(properties: Mapping[str, Any], shape: StepShape) -> Iterator[tuple[str, str]]:
    """Members that the type's Describe response has not, or has of another kind."""
    names = [name for name in (shape.describe_shape, *shape.merged_shapes) if name]
    members = {name: member for each in names for name, member in named_shape(each).members.items()}
    for name, value in properties.items():
        if shape.undocumented or name in shape.extra_properties:
            continue
        if name not in members:
            known = sorted({*members, *shape.extra_properties})
            yield f"a {shape.type} step has no property {name!r}", suggestion(name, known)
        else:
            yield from _against(value, members[name], name)


def _against(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    kind = KINDS.get(shape.type_name)
    fits = _FITS.get(kind or "")
    if fits and (not isinstance(value, fits) or (kind != "boolean" and isinstance(value, bool))):
        yield f"its property {path} is a {kind} and cannot be {value!r}", f"write a {kind}"
    elif kind == "structure":
        for name, member in value.items():
            if name in shape.members:
                yield from _against(member, shape.members[name], f"{path}.{name}")
            else:
                yield f"{path} has no property {name!r}", suggestion(name, shape.members)
    elif kind == "list":
        for index, item in enumerate(value):
            yield from _against(item, shape.member, f"{path}[{index}]")
    elif kind == "map":
        for name, member in value.items():
            yield from _against(member, shape.value, f"{path}[{name!r}]")


def unresolved(properties: Mapping[str, Any], paths: Iterable[PropertyPath]) -> Iterator[PropertyPath]:
    """The paths that lead nowhere in the properties."""
    for path in paths:
        try:
            look_up(properties, path)
        except ExpressionError:
            yield path
