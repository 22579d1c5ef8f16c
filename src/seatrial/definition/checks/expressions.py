"""Expressions: is each one well formed, whatever it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.expressions import FUNCTIONS, expression_of, parse_get
from seatrial.definition.model import Json, Step
from seatrial.definition.paths import PropertyPath, describe_kind
from seatrial.definition.references import expressions
from seatrial.definition.report import suggestion
from seatrial.errors import ExpressionError
from seatrial.ports.findings import Finding


def check_expressions(subject: Subject) -> Iterator[Finding]:
    """Every function exists and has the operands it needs."""
    for value, pointer, step in subject.values():
        for function, operand, where in expressions(value, pointer):
            if step is not None and _is_of_the_loop(function, operand, step):
                continue
            for message, hint in _faults(function, operand):
                yield error("ST010", message, where, hint, step=step)


def _is_of_the_loop(function: str, operand: Json, step: Step) -> bool:
    """Inside a ForEach step, what only the service resolves: each round's item, and a round's outputs."""
    roots = ("ForEach.CurrentItem", "IterationOutput.")
    return step.type == "ForEach" and function == "Get" and str(operand).startswith(roots)


def _faults(function: str, operand: Json) -> Iterator[tuple[str, str]]:
    if function not in FUNCTIONS:
        yield f"there is no function {function!r}", suggestion(function, FUNCTIONS)
    elif function in _OPERANDS:
        yield from _OPERANDS[function](operand)


def _get(operand: Json) -> Iterator[tuple[str, str]]:
    try:
        parse_get(operand)
    except ExpressionError as malformed:
        yield malformed.message, malformed.hint or ""


def _join(operand: Json) -> Iterator[tuple[str, str]]:
    example = 'write {"Std:Join": {"On": "/", "Values": […]}}'
    if not isinstance(operand, Mapping) or not isinstance(operand.get("Values"), list):
        yield "Std:Join needs a list of Values", example
        return
    yield from _unknown_keys("Std:Join", operand, {"On", "Values"})
    if not isinstance(operand.get("On", ""), str) and expression_of(operand["On"]) is None:
        yield f"Std:Join: On is {describe_kind(operand['On'])}, not a string", example
    for value in operand["Values"]:
        if isinstance(value, list) or (isinstance(value, Mapping) and expression_of(value) is None):
            yield f"Std:Join cannot write {describe_kind(value)} as text", "join strings, numbers or booleans"


def _json_get(operand: Json) -> Iterator[tuple[str, str]]:
    example = (
        'write {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.<step>.PropertyFiles.<name>"}, "Path": "a.b"}}'
    )
    if not isinstance(operand, Mapping):
        yield f"Std:JsonGet takes an object, not {describe_kind(operand)}", example
        return
    yield from _unknown_keys("Std:JsonGet", operand, {"PropertyFile", "S3Uri", "Path"})
    yield from _json_path(operand.get("Path"))
    if ("PropertyFile" in operand) == ("S3Uri" in operand):
        yield "Std:JsonGet needs either a PropertyFile or an S3Uri", example
    elif "PropertyFile" in operand and not _is_property_file(operand["PropertyFile"]):
        yield "PropertyFile of Std:JsonGet must be a Get of a step's property file", example


def _json_path(path: Json) -> Iterator[tuple[str, str]]:
    if not isinstance(path, str):
        found = "missing" if path is None else describe_kind(path)
        yield f"Path of Std:JsonGet must be a literal string, and is {found}", 'write "Path": "metrics.auc"'
    elif path.startswith("$"):
        yield f"Path {path!r} of Std:JsonGet starts with $", f"write {path.lstrip('$').lstrip('.')!r}"
    else:
        try:
            PropertyPath.parse(path)
        except ExpressionError as malformed:
            yield f"Std:JsonGet: {malformed.message}", 'write dots and brackets: "metrics[0].auc"'


def _is_property_file(value: Json) -> bool:
    expression = expression_of(value)
    if expression is None or expression[0] != "Get":
        return False
    try:
        return parse_get(expression[1]).property_file is not None
    except ExpressionError:
        return False


def _unknown_keys(function: str, operand: Mapping[str, Json], known: set[str]) -> Iterator[tuple[str, str]]:
    for key in operand:
        if key not in known:
            yield f"{function} has no operand {key!r}", f"remove it, or {suggestion(key, sorted(known))}"


_OPERANDS = {"Get": _get, "Std:Join": _join, "Std:JsonGet": _json_get}
