"""The part of JSONPath that filters of a transform know."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.serving.json_path import JsonPathError, parse_json_path

ROW = ["id", 1, 2, 3]
DOCUMENT = {"id": 7, "features": [1, 2, 3], "nested": {"a": {"b": "deep"}}, "odd name": [{"x": 1}, {"x": 2}]}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("$", ROW, ROW),
        ("$[0]", ROW, "id"),
        ("$[-1]", ROW, 3),
        ("$[1:]", ROW, [1, 2, 3]),
        ("$[:-1]", ROW, ["id", 1, 2]),
        ("$[1:3]", ROW, [1, 2]),
        ("$[0,-1]", ROW, ["id", 3]),
        ("$[ 0 , 2 ]", ROW, ["id", 2]),
        ("$[*]", ROW, ROW),
        ("$.features", DOCUMENT, [1, 2, 3]),
        ("$['features']", DOCUMENT, [1, 2, 3]),
        ("$.features[0]", DOCUMENT, 1),
        ("$.nested.a.b", DOCUMENT, "deep"),
        ("$['id','features']", DOCUMENT, {"id": 7, "features": [1, 2, 3]}),
        ('$["odd name"][*].x', DOCUMENT, [1, 2]),
        ("$.nested.*", DOCUMENT, [{"b": "deep"}]),
    ],
)
def test_an_expression_finds_what_it_means(path: str, value: Any, found: Any) -> None:
    assert parse_json_path(path).of(value) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [("$[1:3]", [1, 2, 3]), ("$[:-1]", ROW), ("$[1:-2]", [1, 2]), ("$[2:]", [2, 3])],
)
def test_ends_of_slices_are_included_where_wanted(path: str, found: Any) -> None:
    assert parse_json_path(path, ends_included=True).of(ROW) == found


@pytest.mark.parametrize(
    ("path", "value"),
    [("$[4]", ROW), ("$.a", ROW), ("$[0]", DOCUMENT), ("$.absent", DOCUMENT), ("$['id','absent']", DOCUMENT)],
)
def test_what_is_not_there_is_an_error_and_not_nothing(path: str, value: Any) -> None:
    with pytest.raises(JsonPathError, match="finds nothing"):
        parse_json_path(path).of(value)


@pytest.mark.parametrize(
    "path", ["", "features", "$..a", "$[?(@.a)]", "$.a.length()", "$[1:2:3]", "$[", "$.", "$ .a"]
)
def test_what_is_not_known_is_refused(path: str) -> None:
    with pytest.raises(JsonPathError):
        parse_json_path(path)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(JsonPathError):
        assert parse_json_path("$" + text).text == "$" + text


@given(st.lists(st.integers(), min_size=1), st.integers(-3, 3), st.integers(-3, 3))
def test_slices_are_those_of_python(row: list[int], start: int, end: int) -> None:
    assert parse_json_path(f"$[{start}:{end}]").of(row) == row[start:end]
