"""Gives an expression its value: `Get`, `Std:Join`, `Std:JsonGet`, nested at will.

Where values come from is the scope's business: nothing here knows an execution or a store.
An undefined value is an ExpressionError, never null. A new function is one entry in `FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from seatrial.definition.model import Json
from seatrial.definition.paths import PropertyPath, describe_kind, look_up
from seatrial.errors import ExpressionError


class Scope(Protocol):
    """Where the values of an execution are looked up; undefined ones raise ExpressionError."""

    def parameter(self, name: str) -> Json:
        """The bound value of a pipeline parameter."""

    def execution(self, name: str) -> Json:
        """An `Execution.*` variable."""

    def step_property(self, step: str, path: PropertyPath) -> Json:
        """A property of a finished step."""

    def property_file(self, step: str, name: str) -> Json:
        """The parsed content of a step's property file."""

    def s3_json(self, uri: str) -> Json:
        """The parsed JSON object at an S3 URI."""


@dataclass(frozen=True)
class Get:
    """A `Get` taken apart; `path` or `property_file` says what of a step is meant."""

    root: str
    name: str
    path: PropertyPath | None = None
    property_file: str | None = None


def expression_of(value: Json) -> tuple[str, Json] | None:
    """`(function, operand)` if this JSON value is an expression: an object with `Get` or one `Std:` key."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    ((key, operand),) = value.items()
    if key == "Get" and isinstance(operand, str):
        return key, operand
    return (key, operand) if isinstance(key, str) and key.startswith("Std:") else None


def parse_get(text: str) -> Get:
    """Take `Parameters.X`, `Execution.X`, `Steps.X.<path>` or `Steps.X.PropertyFiles.P` apart."""
    root, _, rest = text.partition(".")
    if root in ("Parameters", "Execution") and rest:
        return Get(root, rest)
    name, _, path = rest.partition(".")
    if root != "Steps" or not name or not path:
        raise ExpressionError(
            f"Get {text!r} names nothing that can be read",
            slug="malformed-get",
            where=text,
            hint="write Parameters.<name>, Execution.<variable> or Steps.<step>.<property>",
        )
    if path.startswith("PropertyFiles."):
        return Get(root, name, property_file=path.partition(".")[2])
    return Get(root, name, PropertyPath.parse(path))


def evaluate(value: Json, scope: Scope) -> Json:
    """The value with every expression inside it replaced by what it stands for."""
    expression = expression_of(value)
    if expression is not None:
        return _call(*expression, scope)
    if isinstance(value, Mapping):
        return {key: evaluate(member, scope) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [evaluate(item, scope) for item in value]
    return value


def _call(function: str, operand: Json, scope: Scope) -> Json:
    implementation = FUNCTIONS.get(function)
    if implementation is None:
        raise ExpressionError(
            f"there is no function {function!r}",
            slug="unknown-function",
            hint=f"use one of {', '.join(FUNCTIONS)}",
        )
    return implementation(operand, scope)


def _get(operand: Json, scope: Scope) -> Json:
    get = parse_get(operand)
    if get.root == "Parameters":
        return scope.parameter(get.name)
    if get.root == "Execution":
        return scope.execution(get.name)
    if get.path is None:
        raise ExpressionError(
            f"Get {operand!r}: a property file is read with Std:JsonGet only",
            slug="property-file-without-path",
            where=operand,
            hint='write {"Std:JsonGet": {"PropertyFile": {"Get": …}, "Path": …}}',
        )
    return scope.step_property(get.name, get.path)


def _join(operand: Json, scope: Scope) -> str:
    if not isinstance(operand, Mapping) or not isinstance(operand.get("Values"), list | tuple):
        raise ExpressionError(
            "Std:Join needs a list of Values",
            slug="malformed-join",
            hint='write {"Std:Join": {"On": "/", "Values": […]}}',
        )
    on = evaluate(operand.get("On", ""), scope)
    if not isinstance(on, str):
        raise ExpressionError(
            f"Std:Join: On is {describe_kind(on)}, not a string",
            slug="malformed-join",
            hint='write "On": "/"',
        )
    return on.join(stringify(evaluate(value, scope)) for value in operand["Values"])


def stringify(value: Json) -> str:
    """The text of a value inside `Std:Join`.

    The service was seen to write integers plainly and booleans in lower case. The shortest text that
    reads back as the same number for floats, and `null` for null, are choices of ours.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return repr(value)
    raise ExpressionError(
        f"Std:Join cannot write {describe_kind(value)} as text",
        slug="join-of-structure",
        hint="join a member of it: extend the path to a string, number or boolean",
    )


def _json_get(operand: Json, scope: Scope) -> Json:
    path_text = operand.get("Path") if isinstance(operand, Mapping) else None
    if not isinstance(path_text, str):
        raise ExpressionError(
            "Std:JsonGet needs a Path that is a literal string",
            slug="malformed-json-get",
            hint='write "Path": "metrics.auc" (dots and brackets, without $)',
        )
    document = _json_document(operand, scope)
    return look_up(document, PropertyPath.parse(path_text), key_fields={})


def _json_document(operand: Mapping[str, Json], scope: Scope) -> Json:
    if "S3Uri" in operand and "PropertyFile" not in operand:
        return scope.s3_json(stringify(evaluate(operand["S3Uri"], scope)))
    reference = expression_of(operand.get("PropertyFile"))
    get = parse_get(reference[1]) if reference is not None and reference[0] == "Get" else None
    if get is None or get.property_file is None or "S3Uri" in operand:
        raise ExpressionError(
            "Std:JsonGet needs either a PropertyFile or an S3Uri",
            slug="malformed-json-get",
            hint='write "PropertyFile": {"Get": "Steps.<step>.PropertyFiles.<name>"}',
        )
    return scope.property_file(get.name, get.property_file)


FUNCTIONS: dict[str, Callable[[Json, Scope], Json]] = {
    "Get": _get,
    "Std:Join": _join,
    "Std:JsonGet": _json_get,
}
