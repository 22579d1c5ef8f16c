"""Binds parameters for one execution: overrides as the API sends them (text), defaults, placeholders."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from seatrial.definition.model import MISSING, Parameter, ParameterValue, PipelineDefinition
from seatrial.definition.placeholders import placeholders_for
from seatrial.definition.report import Report, listed, suggestion
from seatrial.errors import DefinitionError

LONGEST_VALUE = 1024
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def bind_parameters(
    definition: PipelineDefinition, overrides: Mapping[str, str]
) -> dict[str, ParameterValue]:
    """A value for every parameter: override, else default, else placeholder where nothing here depends on it.

    Raises DefinitionError that lists every problem.
    """
    report = Report()
    _report_unknown(definition, overrides, report)
    bound: dict[str, ParameterValue] = dict(placeholders_for(definition, overrides))
    for parameter in definition.parameters:
        value = _value(parameter, overrides, bound, report)
        if value is not None:
            bound[parameter.name] = value
    if report.findings:
        raise DefinitionError(report.findings, slug="invalid-parameters")
    return {parameter.name: bound[parameter.name] for parameter in definition.parameters}


def _report_unknown(definition: PipelineDefinition, overrides: Mapping[str, str], report: Report) -> None:
    for name in overrides:
        if definition.parameter(name) is None:
            message = f"the pipeline has no parameter {name!r}"
            report.error("ST011", message, "/Parameters", suggestion(name, definition.parameters_by_name))


def _value(
    parameter: Parameter,
    overrides: Mapping[str, str],
    placeholders: Mapping[str, ParameterValue],
    report: Report,
) -> ParameterValue | None:
    if parameter.name in overrides:
        return convert(parameter, overrides[parameter.name], report)
    if parameter.default is not MISSING:
        return parameter.default
    if parameter.name not in placeholders:
        report.error(
            "ST030",
            f"parameter {parameter.name!r} has no default and was given no value",
            parameter.pointer,
            f"add -p {parameter.name}=VALUE",
        )
    return None


def convert(parameter: Parameter, text: str, report: Report) -> ParameterValue | None:
    """The text as a value of the parameter's type; None, and a finding, if it is none."""
    if len(text) > LONGEST_VALUE:
        message = f"the value of parameter {parameter.name!r} has {len(text)} characters"
        report.error("ST007", message, parameter.pointer, f"keep it within {LONGEST_VALUE}")
        return None
    if parameter.enum_values and text not in parameter.enum_values:
        message = f"{text!r} is not among the values of parameter {parameter.name!r}"
        report.error("ST005", message, parameter.pointer, f"use one of: {listed(parameter.enum_values)}")
        return None
    value = _CONVERSIONS[parameter.type](text)
    if value is None:
        message = f"{text!r} is not {_EXPECTED[parameter.type]}, which parameter {parameter.name!r} takes"
        report.error(
            "ST005", message, parameter.pointer, f"write -p {parameter.name}={_EXAMPLES[parameter.type]}"
        )
    return value


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _float(text: str) -> float | None:
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


_CONVERSIONS: Mapping[str, Callable[[str], ParameterValue | None]] = {
    "String": str,
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
}
_EXPECTED = {"String": "a string", "Integer": "an integer", "Float": "a number", "Boolean": "true or false"}
_EXAMPLES = {"String": "text", "Integer": "3", "Float": "0.5", "Boolean": "true"}
