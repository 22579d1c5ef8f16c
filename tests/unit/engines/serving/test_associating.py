"""Filters and joins of a transform, in the three kinds of text that they know."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.serving.associating import Association, AssociationError
from seatrial.engines.serving.json_path import parse_json_path

CSV, JSON, LINES = "text/csv", "application/json", "application/jsonlines"


def association(
    kind: str = CSV, *, sent: str = "$", kept: str = "$", joins: bool = False, by_line: bool = True
) -> Association:
    return Association(parse_json_path(sent), parse_json_path(kept), joins, kind, kind, by_line)


def test_columns_are_left_out_of_what_is_sent() -> None:
    assert association(sent="$[1:]").reduce(b"id,1,2") == b"1,2"
    assert association(sent="$[0]").reduce(b'"a, quoted",1') == b'"a, quoted"'


def test_a_whole_object_is_reduced_row_by_row() -> None:
    assert association(sent="$[1:]", by_line=False).reduce(b"id,1\nid,2\n") == b"1\n2\n"


def test_members_are_left_out_of_what_is_sent() -> None:
    assert association(LINES, sent="$.features").reduce(b'{"id": 1, "features": [1.5, "\xc3\xa4"]}') == (
        '[1.5,"ä"]'.encode()
    )


def test_a_column_of_the_prediction_is_kept() -> None:
    assert association(kept="$[0]").finish(b"1\n2\n", b"a,b\nc,d\n", CSV) == b"a\nc\n"


def test_without_an_accept_the_answer_says_what_it_is() -> None:
    wanted = Association(parse_json_path("$"), parse_json_path("$.p"), False, LINES, None, True)
    assert wanted.finish(b"", b'{"p": 1}\n', "application/jsonlines; charset=utf-8") == b"1\n"
    with pytest.raises(AssociationError, match="DataProcessing knows"):
        wanted.finish(b"", b"\x00", "application/x-npy")


def test_predictions_follow_the_columns_of_the_input_as_it_was_before_its_filter() -> None:
    wanted = association(sent="$[1:]", joins=True, kept="$[0,-1]")
    assert wanted.finish(b"id7,1,2\nid8,3,4\n", b"0.5\n0.9\n", CSV) == b"id7,0.5\nid8,0.9\n"


def test_predictions_become_a_member_of_the_input() -> None:
    wanted = association(LINES, joins=True)
    assert wanted.finish(b'{"id":1}\n[2]\n', b'{"p":0.5}\n0.9\n', LINES) == (
        b'{"id":1,"SageMakerOutput":{"p":0.5}}\n{"SageMakerInput":[2],"SageMakerOutput":0.9}\n'
    )


def test_a_document_is_one_row_unless_it_is_split_by_line() -> None:
    document = b'{\n "id": 1\n}'
    assert association(JSON, joins=True, by_line=False).finish(document, b"[1]", JSON) == (
        b'{"id":1,"SageMakerOutput":[1]}'
    )
    assert (
        association(JSON, joins=True, kept="$.SageMakerOutput").finish(b"1\n2\n", b"3\n4\n", JSON)
        == b"3\n4\n"
    )


def test_as_many_predictions_as_records_are_needed_for_a_join() -> None:
    with pytest.raises(AssociationError, match="mismatched line count between the input and the output"):
        association(joins=True).finish(b"1\n2\n", b"1\n", CSV)


@pytest.mark.parametrize(("kind", "text"), [(LINES, b"{no json"), (JSON, b"\xff"), (CSV, b"\xff")])
def test_what_cannot_be_read_is_said(kind: str, text: bytes) -> None:
    with pytest.raises(AssociationError, match="Failed to parse as"):
        association(kind, sent="$[0]").reduce(text)


def test_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(AssociationError, match="finds nothing"):
        association(sent="$[5]").reduce(b"1,2")


def test_what_needs_no_change_stays_as_it_is_to_the_byte() -> None:
    odd = b'"1" ,2 ,  \xff'
    assert association().reduce(odd) == odd
    assert association().finish(odd, odd, "anything/else") == odd


@given(st.lists(st.lists(st.text('a1 ,"\n', max_size=4), min_size=1, max_size=4), max_size=5))
def test_columns_are_those_of_csv_quoted_or_not(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    text = written.getvalue()
    read = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    kept = association(kept="$[*]").finish(b"", text.encode(), CSV).decode()
    assert [row for row in csv.reader(io.StringIO(kept, newline="")) if row] == read
