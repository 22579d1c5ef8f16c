"""Text that is no JSON is refused with the place; what parsers disagree about is refused too."""

from __future__ import annotations

import pytest

from seatrial.definition import parse
from seatrial.errors import DefinitionError


def refusal(text: str | bytes) -> DefinitionError:
    with pytest.raises(DefinitionError) as refused:
        parse(text, source="p.json")
    return refused.value


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("", "p.json:1:1", id="empty"),
        pytest.param('{\n "Version": }', "p.json:2:13", id="value missing"),
        pytest.param('{"Version" "2020-12-01"}', "p.json:1:12", id="colon missing"),
        pytest.param('{"a": "b\nc"}', "p.json:1:9", id="line break in a string"),
        pytest.param("\ufeff{}", "p.json:1:1", id="byte order mark"),
        pytest.param(b'{"Metadata": "\xff"}', "p.json:1:15", id="not UTF-8"),
        pytest.param(b'{\n"Metadata": "ab\xe9"}', "p.json:2:16", id="not UTF-8 on the second line"),
    ],
)
def test_malformed_text_is_refused_with_line_and_column(text: str | bytes, where: str) -> None:
    error = refusal(text)

    assert (error.slug, error.where) == ("malformed-json", where)
    assert error.exit_code == 2
    assert error.hint


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        pytest.param('{"Metadata": {"a": NaN}}', "/Metadata/a", "NaN is not a JSON number", id="NaN"),
        pytest.param('{"Steps": [-Infinity]}', "/Steps/0", "-Infinity is not", id="infinity"),
        pytest.param('{"Steps": [1e999]}', "/Steps/0", "1e999 is not", id="overflowing number"),
        pytest.param('{"Steps": 1, "Steps": 2}', "/Steps", "appears twice", id="duplicate key"),
        pytest.param(
            '{"Steps": [{"a/b": {"x": 1, "x": 1}}]}', "/Steps/0/a~1b/x", "appears twice", id="deep duplicate"
        ),
        pytest.param('{"a": "\\ud800"}', "/a", "surrogate", id="half a character"),
        pytest.param("[" * 200 + "]" * 200, "/0" * 101, "nested too deeply", id="nested"),
        pytest.param("[" * 100_000, "p.json", "nested too deeply", id="nested beyond the parser"),
        pytest.param("9" * 5000, "p.json", "malformed JSON", id="number of five thousand digits"),
    ],
)
def test_json_with_a_trap_is_refused_with_a_pointer(text: str, where: str, said: str) -> None:
    error = refusal(text)

    assert error.where == where
    assert said in error.message


def test_every_duplicate_key_is_reported() -> None:
    error = refusal('{"a": 1, "a": 2, "b": {"c": 1, "c": 1}}')

    assert {finding.where for finding in error.findings} == {"/a", "/b/c"}
