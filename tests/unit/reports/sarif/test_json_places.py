"""From a JSON pointer to lines and columns."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from seatrial.definition.pointers import child
from seatrial.reports.sarif.json_places import JsonPlaces, Span

TEXT = """{
  "Version": "2020-12-01",
  "Steps": [
    {"Name": "Prep", "Arguments": {"a/b": [1, {"x": "é"}, []]}},
    {"Name": "Train"}
  ]
}"""
CORPUS = sorted((Path(__file__).parents[3] / "corpus").glob("*/definition.json"))


@pytest.mark.parametrize(
    ("pointer", "shown"),
    [
        ("/Version", '"2020-12-01"'),
        ("/Steps/0/Name", '"Prep"'),
        ("/Steps/0/Arguments/a~1b/1/x", '"é"'),
        ("/Steps/0/Arguments/a~1b/2", "[]"),
        ("/Steps/1", '{"Name": "Train"}'),
    ],
)
def test_a_pointer_leads_to_its_value(pointer: str, shown: str) -> None:
    found = JsonPlaces(TEXT).of(pointer)
    assert found is not None
    line = TEXT.split("\n")[found.line - 1]
    assert line[found.column - 1 : found.end_column - 1] == shown


@pytest.mark.parametrize(
    "pointer", ["/Steps/1/Arguments/a", "/Steps/1/Name/deeper", "/Steps/1/Type", "/Steps/1/0"]
)
def test_one_that_leads_nowhere_ends_where_it_was_last_somewhere(pointer: str) -> None:
    found = JsonPlaces(TEXT).of(pointer)
    assert found is not None
    assert found.line == 5


def test_an_item_behind_the_last_is_nowhere() -> None:
    places = JsonPlaces('{"a": [1, 2], "b": []}')
    assert places.of("/a/2") == Span(1, 7, 1, 13)
    assert places.of("/b/0") == Span(1, 20, 1, 22)


def test_the_whole_document_spans_its_lines() -> None:
    assert JsonPlaces(TEXT).of("") == Span(1, 1, 7, 2)


@pytest.mark.parametrize("text", ["", "nothing", '{"a": ', '{"a" 1}'])
def test_what_is_no_json_has_no_places(text: str) -> None:
    assert JsonPlaces(text).of("/a") is None


def test_every_value_of_real_definitions_is_found() -> None:
    for file in CORPUS[:6]:
        text = file.read_text(encoding="utf-8")
        lines = text.split("\n")
        places = JsonPlaces(text)
        for pointer, value in leaves(json.loads(text), ""):
            found = places.of(pointer)
            assert found is not None
            assert json.loads(lines[found.line - 1][found.column - 1 : found.end_column - 1]) == value


def leaves(value: object, pointer: str) -> list[tuple[str, object]]:
    """Every value that holds no other."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in leaves(inner, child(pointer, key))]
    if isinstance(value, list):
        return [each for index, inner in enumerate(value) for each in leaves(inner, child(pointer, index))]
    return [(pointer, value)]


def test_thousands_of_places_in_one_long_line_take_no_time() -> None:
    text = json.dumps({"Steps": [{"Name": f"Step{n}", "Arguments": {"x": "y" * 500}} for n in range(3000)]})
    places = JsonPlaces(text)
    began = time.perf_counter()
    assert all(places.of(f"/Steps/{n}/Arguments/x") for n in range(3000))
    assert time.perf_counter() - began < 2
