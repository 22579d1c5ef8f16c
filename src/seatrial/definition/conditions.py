"""Decides conditions; a new condition type is one entry in `CONDITIONS`.

How the service compares unlike types is not known. It is an error here, by choice: a comparison
that quietly answers "no" would send the execution down a branch that nobody meant.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from seatrial.definition.expressions import Scope, evaluate
from seatrial.definition.model import Json
from seatrial.definition.paths import describe_kind
from seatrial.errors import ExpressionError


def evaluate_conditions(conditions: Sequence[Json], scope: Scope) -> bool:
    """Whether all conditions hold; each is evaluated, so an undefined value never hides behind another."""
    verdicts = [_holds(condition, scope) for condition in conditions]
    return all(verdicts)


def _holds(condition: Json, scope: Scope) -> bool:
    kind = condition.get("Type") if isinstance(condition, Mapping) else None
    implementation = CONDITIONS.get(kind) if isinstance(kind, str) else None
    if implementation is None:
        raise ExpressionError(
            f"there is no condition type {kind!r}",
            slug="unknown-condition",
            hint=f"use one of {', '.join(CONDITIONS)}",
        )
    return implementation(condition, scope)


def _operand(condition: Mapping[str, Json], key: str) -> Json:
    if key not in condition:
        raise ExpressionError(
            f"condition {condition.get('Type')} has no {key}",
            slug="malformed-condition",
            hint=f"add {key} to the condition",
        )
    return condition[key]


def _comparison(
    compare: Callable[[Json, Json], bool], *, ordered: bool
) -> Callable[[Mapping[str, Json], Scope], bool]:
    def holds(condition: Mapping[str, Json], scope: Scope) -> bool:
        left = evaluate(_operand(condition, "LeftValue"), scope)
        right = evaluate(_operand(condition, "RightValue"), scope)
        _require_comparable(condition["Type"], left, right, ordered=ordered)
        return compare(left, right)

    return holds


def _require_comparable(kind: str, left: Json, right: Json, *, ordered: bool) -> None:
    comparable = ("a number", "a string") if ordered else ("a number", "a string", "a boolean", "null")
    left_kind, right_kind = describe_kind(left), describe_kind(right)
    if left_kind == right_kind and left_kind in comparable:
        return
    raise ExpressionError(
        f"{kind} cannot compare {left!r} ({left_kind}) with {right!r} ({right_kind})",
        slug="mixed-comparison",
        hint="give both sides the same type: ParameterInteger or ParameterFloat for a number, else text",
    )


def _in(condition: Mapping[str, Json], scope: Scope) -> bool:
    value = evaluate(_operand(condition, "QueryValue"), scope)
    candidates = evaluate(_operand(condition, "Values"), scope)
    if not isinstance(candidates, list):
        raise ExpressionError(
            f"In needs a list of Values, not {describe_kind(candidates)}",
            slug="malformed-condition",
            hint='write "Values": […]',
        )
    for candidate in candidates:
        _require_comparable("In", value, candidate, ordered=False)
    return value in candidates


def _not(condition: Mapping[str, Json], scope: Scope) -> bool:
    return not _holds(_operand(condition, "Condition"), scope)


def _or(condition: Mapping[str, Json], scope: Scope) -> bool:
    alternatives = _operand(condition, "Conditions")
    if not isinstance(alternatives, list | tuple) or not alternatives:
        raise ExpressionError(
            "Or needs a list of Conditions", slug="malformed-condition", hint='write "Conditions": […]'
        )
    verdicts = [_holds(alternative, scope) for alternative in alternatives]
    return any(verdicts)


CONDITIONS: dict[str, Callable[[Mapping[str, Json], Scope], bool]] = {
    "Equals": _comparison(operator.eq, ordered=False),
    "GreaterThan": _comparison(operator.gt, ordered=True),
    "GreaterThanOrEqualTo": _comparison(operator.ge, ordered=True),
    "LessThan": _comparison(operator.lt, ordered=True),
    "LessThanOrEqualTo": _comparison(operator.le, ordered=True),
    "In": _in,
    "Not": _not,
    "Or": _or,
}
