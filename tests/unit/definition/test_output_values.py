"""Declared outputs, picked from an answer and read as their types."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition.output_values import OutputError, read_outputs


def outputs(**types: str) -> list[dict[str, str]]:
    """What a step declares."""
    return [{"OutputName": name, "OutputType": kind} for name, kind in types.items()]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_only_what_is_declared_is_taken() -> None:
    assert read_outputs(outputs(a="String"), {"a": "x", "statusCode": 200}) == {"a": "x"}


@pytest.mark.parametrize("answer", [None, 3, "text", [1], {"body": "{}"}])
def test_without_declared_outputs_any_answer_will_do(answer: Any) -> None:
    assert read_outputs([], answer) == {}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("String", "text", "text"),
        ("String", 3, "3"),
        ("String", True, "true"),
        ("String", {"a": [1]}, '{"a": [1]}'),
        ("Integer", 3, 3),
        ("Integer", 3.0, 3),
        ("Integer", "3", 3),
        ("Float", 3, 3.0),
        ("Float", "0.5", 0.5),
        ("Boolean", False, False),
        ("Boolean", "True", True),
    ],
)
def test_a_value_is_read_as_its_type(kind: str, value: Any, expected: Any) -> None:
    found = read_outputs(outputs(a=kind), {"a": value})["a"]
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Integer", 3.5),
        ("Integer", True),
        ("Integer", "three"),
        ("Float", "nan"),
        ("Float", [1]),
        ("Float", 10**400),
        ("String", "\ud800"),
        ("String", {"a": "\ud800"}),
        ("Boolean", 1),
        ("String", "x" * 1025),
        ("String", None),
    ],
)
def test_a_value_that_is_not_of_its_type_fails(kind: str, value: Any) -> None:
    with pytest.raises(OutputError):
        read_outputs(outputs(a=kind), {"a": value})


def test_what_is_missing_is_named_beside_what_is_there() -> None:
    with pytest.raises(OutputError, match="no value for b; it has a"):
        read_outputs(outputs(a="String", b="String"), {"a": "x"})
    with pytest.raises(OutputError, match="the answer is text; to give the outputs a"):
        read_outputs(outputs(a="String"), "text")


@given(JSON, st.sampled_from(["String", "Integer", "Float", "Boolean"]))
def test_every_answer_is_an_output_of_the_type_or_an_error(value: Any, kind: str) -> None:
    types = {"String": str, "Integer": int, "Float": float, "Boolean": bool}
    try:
        found = read_outputs(outputs(a=kind), {"a": value})
    except OutputError:
        return
    assert type(found["a"]) is types[kind]
