"""Reads the `Parameters` of a definition: four types, defaults checked against type and enumeration."""

from __future__ import annotations

import re
from typing import cast, get_args

from seatrial.definition.model import MISSING, Json, Missing, Parameter, ParameterType, ParameterValue
from seatrial.definition.parsing.reader import Reader
from seatrial.definition.paths import describe_kind
from seatrial.definition.report import Report, listed, suggestion

TYPES = get_args(ParameterType)
_KEYS = frozenset({"Name", "Type", "DefaultValue", "EnumValues"})
_NAME = re.compile(r"[A-Za-z0-9\-_]{1,256}")
MOST_PARAMETERS = 200

_LARGEST = 2**63 - 1  # an integer parameter is a 64-bit one in the API

# JSON kinds that each type takes; bool is no integer here although Python says so.
_KINDS: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}


def read_parameters(readers: list[Reader], report: Report) -> tuple[Parameter, ...]:
    """Every parameter that could be read; the rest is reported."""
    if len(readers) > MOST_PARAMETERS:
        message = f"{len(readers)} parameters; an execution takes at most {MOST_PARAMETERS}"
        report.error("ST007", message, "/Parameters", "merge some, or write constants into the definition")
    parameters = [parameter for parameter in map(_read, readers) if parameter is not None]
    first: dict[str, Parameter] = {}
    for parameter in parameters:
        earlier = first.setdefault(parameter.name, parameter)
        if earlier is not parameter:
            message = f"parameter {parameter.name!r} is declared twice"
            report.error("ST006", message, parameter.pointer, "rename or remove one", also=earlier.pointer)
    return tuple(parameters)


def _read(reader: Reader) -> Parameter | None:
    reader.refuse_unknown(_KEYS)
    name, kind = reader.text("Name", required=True), reader.text("Type", required=True)
    if name is not None and not _NAME.fullmatch(name):
        reader.error(
            "ST006",
            f"parameter name {name!r} is not allowed",
            "Name",
            "use 1 to 256 letters, digits, hyphens, underscores",
        )
    if kind is not None and kind not in TYPES:
        reader.error(
            "ST005", f"parameter {name!r} has the unknown type {kind!r}", "Type", suggestion(kind, TYPES)
        )
        return None
    if name is None or kind is None:
        return None
    enumeration = _enumeration(reader, name, kind)
    default = _default(reader, name, kind, enumeration)
    return Parameter(name, cast("ParameterType", kind), default, enumeration, reader.pointer)


def _enumeration(reader: Reader, name: str, kind: str) -> tuple[str, ...]:
    if reader.raw.get("EnumValues") is None:
        return ()
    if kind != "String":
        message = f"parameter {name!r} is {_with_article(kind)}; only a String can have EnumValues"
        reader.error("ST005", message, "EnumValues", "remove EnumValues, or make it a String")
        return ()
    values = reader.texts("EnumValues")
    if reader.raw["EnumValues"] == []:
        reader.error(
            "ST005", f"parameter {name!r} allows no value at all", "EnumValues", "list values, or remove it"
        )
    return values


def _default(reader: Reader, name: str, kind: str, enumeration: tuple[str, ...]) -> ParameterValue | Missing:
    if "DefaultValue" not in reader.raw:
        return MISSING
    value = reader.raw["DefaultValue"]
    if not has_type(value, kind):
        message = (
            f"default of parameter {name!r} is {describe_kind(value)}, not {_with_article(kind)}: {value!r}"
        )
        reader.error("ST005", message, "DefaultValue", f"write {_with_article(kind)}, or change Type")
        return MISSING
    if enumeration and value not in enumeration:
        message = f"default {value!r} of parameter {name!r} is not among its EnumValues"
        reader.error("ST005", message, "DefaultValue", f"use one of: {listed(enumeration)}")
    return float(value) if kind == "Float" else cast("ParameterValue", value)


def has_type(value: Json, kind: str) -> bool:
    """Whether a JSON value can be a value of the parameter type."""
    if isinstance(value, bool) != (kind == "Boolean") or not isinstance(value, _KINDS[kind]):
        return False
    return not isinstance(value, int) or abs(value) <= _LARGEST


def _with_article(kind: str) -> str:
    return f"{'an' if kind == 'Integer' else 'a'} {kind}"
