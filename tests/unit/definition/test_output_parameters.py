"""Outputs that Lambda and Callback steps declare beside their Arguments, and references to them."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.definition import check
from seatrial.execution.steps.lambda_ import LAMBDA
from tests.unit.definition.documents import SHAPES, definition, get, step

WITH_LAMBDA = {**SHAPES, "Lambda": LAMBDA.shape}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def call(*outputs: Any, arn: Any = ARN, **arguments: Any) -> Any:
    declared = [{"OutputName": name, "OutputType": kind} for name, kind in outputs]
    return step("Call", "Lambda", arguments, FunctionArn=arn, OutputParameters=declared)


def found(*steps: Any) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in check(definition(*steps), WITH_LAMBDA)]


def fail(value: Any) -> Any:
    return step("End", "Fail", {"ErrorMessage": value})


def test_any_arguments_are_an_event() -> None:
    assert found(call(rows=[1, {"a": None}], OutputParameters="its own")) == []


def test_a_declared_output_may_be_referred_to() -> None:
    assert found(call(("a", "String")), fail(get("Steps.Call.OutputParameters['a']"))) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("OutputParameters['b']", "declares no 'b' in OutputParameters; it declares a"),
        ("OutputParameters['a'].inner", "is a single value; nothing is inside it"),
        ("Outputs['a']", "has no property 'Outputs'"),
    ],
)
def test_a_path_that_leads_nowhere_is_said_before_the_run(path: str, words: str) -> None:
    ((code, message),) = found(call(("a", "String")), fail(get(f"Steps.Call.{path}")))
    assert code == "ST013"
    assert words in message


def test_the_declared_type_counts_where_values_are_compared() -> None:
    condition = {
        "Type": "GreaterThan",
        "LeftValue": get("Steps.Call.OutputParameters['a']"),
        "RightValue": 0.5,
    }
    decide = step("Decide", "Condition", {"Conditions": [condition], "IfSteps": [], "ElseSteps": []})
    assert found(call(("a", "Float")), decide) == []
    assert [code for code, _ in found(call(("a", "String")), decide)] == ["ST028"]


@pytest.mark.parametrize(
    ("outputs", "code"),
    [
        ([("a", "Number")], "ST023"),
        ([("a", "String"), ("a", "Float")], "ST006"),
        ([("", "String")], "ST021"),
        ([(str(number), "String") for number in range(51)], "ST025"),
    ],
)
def test_outputs_that_the_service_would_not_take(outputs: list[tuple[str, str]], code: str) -> None:
    assert [each for each, _ in found(call(*outputs))] == [code]


def test_somebody_must_be_asked() -> None:
    assert [code for code, _ in found(call(arn=None))] == ["ST021"]
    assert [code for code, _ in found(call(arn=3))] == ["ST022"]
    assert found(call(arn={"Std:Join": {"On": ":", "Values": ["arn", "f"]}})) == []


@pytest.mark.parametrize("outputs", [{"a": "String"}, ["a"], [None]])
def test_outputs_are_a_list_of_objects(outputs: Any) -> None:
    wrong = step("Call", "Lambda", {}, FunctionArn=ARN, OutputParameters=outputs)
    assert [code for code, _ in found(wrong)] == ["ST022"]


@pytest.mark.parametrize("kind", [3, ["String"], {"Get": "Parameters.Kind"}])
def test_a_type_is_text(kind: Any) -> None:
    assert "ST023" in [code for code, _ in found(call(("a", kind)))]
