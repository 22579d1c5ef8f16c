"""Conditions are decided, or refused: a comparison of unlike types is never quietly false."""

from __future__ import annotations

import pytest

from seatrial.definition import CONDITIONS, Json, evaluate_conditions
from seatrial.errors import ExpressionError
from tests.unit.definition.documents import Values, get

SCOPE = Values(parameters={"n": 3, "s": "b", "on": True})


def two(kind: str, left: Json, right: Json) -> Json:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


TRUE, FALSE = two("Equals", 1, 1), two("Equals", 1, 2)
UNDEFINED = two("Equals", get("Parameters.absent"), 1)


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        pytest.param(two("Equals", get("Parameters.n"), 3), True, id="equal numbers"),
        pytest.param(two("Equals", 3, 3.0), True, id="an integer equals the same float"),
        pytest.param(two("Equals", "a", "A"), False, id="case counts"),
        pytest.param(two("Equals", get("Parameters.on"), True), True, id="booleans"),
        pytest.param(two("Equals", None, None), True, id="nulls"),
        pytest.param(two("GreaterThan", 3, 3), False, id="greater"),
        pytest.param(two("GreaterThanOrEqualTo", 3, 3), True, id="greater or equal"),
        pytest.param(two("LessThan", 0.5, 1), True, id="less"),
        pytest.param(two("LessThanOrEqualTo", 4, 3), False, id="less or equal"),
        pytest.param(two("LessThan", "a", get("Parameters.s")), True, id="strings have an order"),
        pytest.param({"Type": "In", "QueryValue": get("Parameters.n"), "Values": [1, 3]}, True, id="in"),
        pytest.param({"Type": "In", "QueryValue": "x", "Values": ["a"]}, False, id="not in"),
        pytest.param({"Type": "In", "QueryValue": "x", "Values": []}, False, id="in nothing"),
        pytest.param(
            {"Type": "In", "QueryValue": "b", "Values": [get("Parameters.s")]}, True, id="in expressions"
        ),
        pytest.param({"Type": "Not", "Condition": FALSE}, True, id="not"),
        pytest.param({"Type": "Not", "Condition": {"Type": "Not", "Condition": TRUE}}, True, id="not not"),
        pytest.param({"Type": "Or", "Conditions": [FALSE, TRUE]}, True, id="or"),
        pytest.param(
            {"Type": "Or", "Conditions": [FALSE, {"Type": "Not", "Condition": TRUE}]}, False, id="or of nots"
        ),
    ],
)
def test_decides(condition: Json, outcome: bool) -> None:
    assert evaluate_conditions([condition], SCOPE) is outcome


def test_all_conditions_must_hold() -> None:
    assert evaluate_conditions([TRUE, TRUE], SCOPE) is True
    assert evaluate_conditions([TRUE, FALSE], SCOPE) is False


def test_no_condition_holds() -> None:
    assert evaluate_conditions([], SCOPE) is True


@pytest.mark.parametrize(
    ("condition", "slug"),
    [
        pytest.param(two("Equals", 1, "1"), "mixed-comparison", id="number with string"),
        pytest.param(two("GreaterThan", "0.9", 0.5), "mixed-comparison", id="string with number"),
        pytest.param(two("Equals", True, 1), "mixed-comparison", id="boolean with number"),
        pytest.param(two("Equals", None, 1), "mixed-comparison", id="null with number"),
        pytest.param(two("LessThan", False, True), "mixed-comparison", id="booleans have no order"),
        pytest.param(two("LessThan", None, None), "mixed-comparison", id="nulls have no order"),
        pytest.param(two("Equals", [1], [1]), "mixed-comparison", id="lists"),
        pytest.param(
            {"Type": "In", "QueryValue": 1, "Values": [1, "1"]}, "mixed-comparison", id="in a mixed list"
        ),
        pytest.param({"Type": "In", "QueryValue": 1, "Values": 1}, "malformed-condition", id="in a number"),
        pytest.param({"Type": "Or", "Conditions": []}, "malformed-condition", id="or of nothing"),
        pytest.param({"Type": "Equals", "LeftValue": 1}, "malformed-condition", id="one side only"),
        pytest.param({"Type": "Like"}, "unknown-condition", id="unknown type"),
        pytest.param("Equals", "unknown-condition", id="no object"),
        pytest.param({"Type": ["Equals"]}, "unknown-condition", id="type is a list"),
        pytest.param(UNDEFINED, "undefined", id="undefined value"),
    ],
)
def test_what_cannot_be_decided_is_an_error(condition: Json, slug: str) -> None:
    with pytest.raises(ExpressionError) as undecided:
        evaluate_conditions([condition], SCOPE)

    assert undecided.value.slug == slug


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param([FALSE, UNDEFINED], id="after one that is false"),
        pytest.param([{"Type": "Or", "Conditions": [TRUE, UNDEFINED]}], id="after one that is true"),
    ],
)
def test_an_undefined_value_never_hides_behind_another_condition(conditions: list[Json]) -> None:
    with pytest.raises(ExpressionError, match="undefined"):
        evaluate_conditions(conditions, SCOPE)


def test_knows_every_condition_type_of_the_service() -> None:
    assert set(CONDITIONS) == {
        "Equals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", "In", "Not", "Or",
    }  # fmt: skip
