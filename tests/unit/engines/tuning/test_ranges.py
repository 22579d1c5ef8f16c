"""Ranges: what lies where between 0 and 1, by each of the service's scales."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.tuning.ranges import (
    CategoricalRange,
    NumericRange,
    Range,
    RangeError,
    Scale,
    faults_of,
    read_ranges,
)
from tests.unit.engines.tuning.bench import categorical, continuous

POSITIONS = st.floats(0, 1)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def numeric_ranges(draw: st.DrawFn, integer: bool = False) -> NumericRange:
    """Any range that the service takes."""
    scales: list[Scale] = (
        ["Linear", "Logarithmic"] if integer else ["Linear", "Logarithmic", "ReverseLogarithmic"]
    )
    scale = draw(st.sampled_from(scales))
    within = {
        "Linear": st.integers(-(10**9), 10**9) if integer else NUMBERS,
        "Logarithmic": st.integers(1, 10**9) if integer else st.floats(1e-300, 1e300),
        "ReverseLogarithmic": st.floats(0, 1, exclude_max=True),
    }[scale]
    low, high = sorted([draw(within), draw(within)])
    return NumericRange("x", low, high, scale, integer)


@given(numeric_ranges(), POSITIONS)
def test_a_continuous_value_is_within_its_range(found: NumericRange, position: float) -> None:
    assert found.low <= float(found.text_at(position)) <= found.high


@given(numeric_ranges(integer=True), POSITIONS)
def test_an_integer_is_one_and_within_its_range(found: NumericRange, position: float) -> None:
    assert found.low <= int(found.text_at(position)) <= found.high


@given(numeric_ranges(), POSITIONS, POSITIONS)
def test_values_grow_with_their_position(found: NumericRange, one: float, other: float) -> None:
    low, high = (float(found.text_at(each)) for each in sorted([one, other]))
    assert low <= high or math.isclose(low, high, rel_tol=1e-9)


@given(st.integers(-50, 50), st.integers(0, 20), st.data())
def test_an_integer_is_found_again_at_its_position(low: int, width: int, data: st.DataObject) -> None:
    found = NumericRange("x", low, low + width, "Linear", integer=True)
    text = str(data.draw(st.integers(low, low + width)))
    position = found.position_of(text)
    assert position is not None
    assert found.text_at(position) == text


@given(st.lists(st.text(), min_size=1, unique=True), POSITIONS)
def test_a_category_is_one_of_its_values_and_found_again(values: list[str], position: float) -> None:
    found = CategoricalRange("x", tuple(values))
    text = found.text_at(position)
    again = found.position_of(text)
    assert again is not None
    assert text == found.text_at(again)
    assert {found.text_at((index + 0.5) / len(values)) for index in range(len(values))} == set(values)


@pytest.mark.parametrize(
    ("scale", "low", "high", "middle"),
    [
        ("Linear", 0.0, 10.0, 5.0),
        ("Logarithmic", 0.001, 10.0, 0.1),
        ("ReverseLogarithmic", 0.0, 0.9999, 0.99),
    ],
)
def test_the_middle_of_each_scale(scale: Scale, low: float, high: float, middle: float) -> None:
    assert float(NumericRange("x", low, high, scale).text_at(0.5)) == pytest.approx(middle)


def test_every_integer_of_a_linear_range_has_the_same_share() -> None:
    found = NumericRange("x", 1, 4, "Linear", integer=True)
    texts = [found.text_at((index + 0.5) / 400) for index in range(400)]
    assert {text: texts.count(text) for text in texts} == dict.fromkeys("1234", 100)


def test_a_value_outside_of_its_range_has_no_position() -> None:
    assert NumericRange("x", 0, 1, "Linear").position_of("2") is None
    assert NumericRange("x", 0, 1, "Linear").position_of("much") is None
    assert CategoricalRange("x", ("a",)).position_of("b") is None


def _one(**ranges: Any) -> Range:
    (found,) = read_ranges(ranges)
    return found


@pytest.mark.parametrize(
    ("low", "high", "scale"), [("0", "1000", "Linear"), ("1", "999", "Linear"), ("0.001", "1", "Logarithmic")]
)
def test_auto_is_logarithmic_over_three_orders_of_magnitude(low: str, high: str, scale: Scale) -> None:
    found = _one(ContinuousParameterRanges=[continuous("x", low, high, "Auto")])
    assert found == NumericRange("x", float(low), float(high), scale)


def test_a_range_without_a_scale_has_auto() -> None:
    assert _one(IntegerParameterRanges=[{"Name": "x", "MinValue": "1", "MaxValue": "3"}]) == NumericRange(
        "x", 1, 3, "Linear", integer=True
    )


@pytest.mark.parametrize(
    ("kind", "item", "fault"),
    [
        (
            "Integer",
            continuous("x", "1.5", "3"),
            "/IntegerParameterRanges/0/MinValue: '1.5' is not an integer",
        ),
        ("Continuous", continuous("x", "0", "many"), "/MaxValue: 'many' is not a number"),
        ("Continuous", continuous("x", "0", "inf"), "/MaxValue: 'inf' is not a number"),
        ("Integer", continuous("x", "3", "1"), "MinValue 3 is greater than MaxValue 1"),
        ("Continuous", continuous("x", "0", "1", "Logarithmic"), "needs values greater than 0"),
        ("Continuous", continuous("x", "0", "1", "ReverseLogarithmic"), "within 0 <= x < 1"),
        ("Integer", continuous("x", "0", "0", "ReverseLogarithmic"), "needs a continuous range"),
        ("Categorical", categorical("x", "a", "a"), "/Values: a value stands there twice"),
    ],
)
def test_what_the_service_would_refuse_is_told_where_it_stands(
    kind: str, item: dict[str, Any], fault: str
) -> None:
    ranges = {f"{kind}ParameterRanges": [item]}
    with pytest.raises(RangeError) as refused:
        read_ranges(ranges)
    (found,) = faults_of(ranges)
    assert str(found) == str(refused.value)
    assert fault in str(found)


def test_a_range_that_is_decided_during_the_run_is_no_fault() -> None:
    unknown = {"Name": "x", "MinValue": {"Get": "Parameters.Low"}, "MaxValue": "1"}
    listed = {"Name": "y", "Values": {"Get": "Parameters.Values"}}
    ranges = {"ContinuousParameterRanges": [unknown], "CategoricalParameterRanges": [listed]}
    assert list(faults_of(ranges)) == []
