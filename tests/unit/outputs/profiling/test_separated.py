"""CSV and TSV: delimiters, headers, types, rows of another length, beginnings of long files."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.outputs.profiling.looking import column, look, packed, types

FIELD_LIMIT = csv.field_size_limit()


def test_a_header_above_numbers(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "age,income\n31,2.5\n54,\n")
    assert (found.header, found.sure, found.rows, found.total) == (True, True, 2, 2)
    assert types(found) == {"age": "integer", "income": "number"}
    assert (column(found, "age").minimum, column(found, "age").maximum) == ("31", "54")
    assert column(found, "income").nulls == 1
    assert found.trouble is None


def test_no_header_as_the_algorithms_of_the_service_want_it(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "0,31,x\n1,54,y\n")
    assert (found.header, found.sure, found.rows) == (False, True, 2)
    assert types(found) == {"1": "integer", "2": "integer", "3": "text"}


@pytest.mark.parametrize(
    ("content", "header", "sure"),
    [
        ("text,label\nhello,pos\nbye,neg\n", True, False),  # texts alone: nobody can be sure
        ("good,pos\nbad,neg\nfine,pos\n", False, True),  # `pos` comes again: it is a value
        ("a,b\n", True, False),  # nothing beneath
        ("xgboost\n", False, False),  # a lone text is an answer
        ("a text,of two parts\n", False, False),
        (",age,label\n0,31,1\n", True, True),  # the index of pandas has no name
        ("0,1,2,3\n5.5,1,2,3\n", True, True),  # pandas' names for columns without one
        ("0,1\n1,0\n", False, True),
        ("a,a\n1,2\n", True, True),  # a name may come again, as joins leave it
        ("age,\n1,2\n", False, True),
        ("age,2026-01-02\n1,2\n", False, True),
        ("name,age\nLi,31\n", True, True),
        ("Größe,Ünïcode\n1,2\n", True, True),
        ("5e3\n1e4\n", False, True),
    ],
)
def test_whether_the_first_row_is_a_header(tmp_path: Path, content: str, header: bool, sure: bool) -> None:
    found = look(tmp_path, "a.csv", content)
    assert (found.header, found.sure) == (header, sure)


def test_who_knows_of_the_header_is_believed(tmp_path: Path) -> None:
    assert types(look(tmp_path, "a.csv", "age,label\n1,2\n", header=False)) == {"1": "text", "2": "text"}
    assert types(look(tmp_path, "a.csv", "1,2\n3,4\n", header=True)) == {"1": "integer", "2": "integer"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "a,b\n1,2\n"),
        ("a.csv", "\ufeffa,b\n1,2\n"),
        ("a.csv", "a,b\r\n1,2\r\n"),
        ("a.csv", "a,b\r1,2\r"),
        ("a.csv", "a,b\n1,2"),
        ("a.csv", "a;b\n1;2\n"),
        ("a.csv", "a\tb\n1\t2\n"),
        ("a.csv", "a|b\n1|2\n"),
        ("a.tsv", "a\tb\n1\t2\n"),
        ("a.csv", '"a","b"\n"1","2"\n'),
        ("a.csv", "a,b\n\n1,2\n\n"),
        ("a.CSV", "a,b\n1,2\n"),
        ("deep/in/folders/part-0.csv", "a,b\n1,2\n"),
    ],
)
def test_one_table_written_in_many_ways(tmp_path: Path, name: str, content: str) -> None:
    found = look(tmp_path, name, content)
    assert types(found) == {"a": "integer", "b": "integer"}
    assert (found.rows, found.trouble) == (1, None)


def test_a_packed_table(tmp_path: Path) -> None:
    assert types(look(tmp_path, "a.csv.gz", packed("a,b\n1,2\n"))) == {"a": "integer", "b": "integer"}


def test_commas_within_a_cell_of_a_file_with_semicolons(tmp_path: Path) -> None:
    assert types(look(tmp_path, "a.csv", "a;b\n1,5;2\n2,5;3\n")) == {"a": "text", "b": "integer"}


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["1", "-2", "+3"], "integer"),
        (["1", "99999999999999999999999999"], "integer"),
        (["1", "2.5"], "number"),
        (["1e5", ".5", "-inf"], "number"),
        (["1_000", "2"], "text"),
        (["True", "false"], "boolean"),
        (["2026-01-02", "2025-12-31"], "date"),
        (["2026-01-02 10:00:00", "2025-12-31T23:59:59.123456Z"], "timestamp"),
        (["2026-01-02", "2025-12-31 10:00"], "timestamp"),
        (["1", "x"], "text"),
        (["", "nan"], "empty"),
        (["", "NA", "7", "None", "null"], "integer"),
    ],
)
def test_the_type_of_a_column(tmp_path: Path, cells: list[str], type_: str) -> None:
    rows = "".join(f"{cell},0\n" for cell in cells)
    assert column(look(tmp_path, "a.csv", f"x,n\n{rows}"), "x").type == type_


def test_ranges_are_those_of_numbers_not_of_texts(tmp_path: Path) -> None:
    found = column(look(tmp_path, "a.csv", "x\n9\n10\n-3\n"), "x")
    assert (found.minimum, found.maximum) == ("-3", "10")
    huge = column(look(tmp_path, "a.csv", "x\n1e400\n5\n10000000000000000000000\n"), "x")
    assert (huge.minimum, huge.maximum) == ("5.0", "1e+22")


def test_numbers_without_fractions_are_known_as_such(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "x,y\n1.0,1.5\n,2\n")
    assert column(found, "x").integral
    assert not column(found, "y").integral


def test_few_values_are_kept_and_many_are_not(tmp_path: Path) -> None:
    few = column(look(tmp_path, "a.csv", "x,n\nyes,1\nno,2\nyes,3\n"), "x")
    assert few.values == ("no", "yes")
    many = "".join(f"v{number},1\n" for number in range(60))
    assert column(look(tmp_path, "a.csv", f"x,n\n{many}"), "x").values is None


def test_a_document_in_a_cell_is_not_kept_as_a_value(tmp_path: Path) -> None:
    found = column(look(tmp_path, "a.csv", f'x,n\n"{"word, " * 200_000}",1\n', most=5_000_000), "x")
    assert found.values is None
    assert found.maximum is not None
    assert len(found.maximum) <= 60
    assert csv.field_size_limit() == FIELD_LIMIT


def test_rows_of_another_length_are_counted_and_the_first_is_shown(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "name,age\nSmith, J.,31\nLi,54\nx\n")
    assert found.trouble == "2 of 4 rows do not have 2 cells as the first has: row 2 has 3"
    assert (found.rows, types(found)) == (1, {"name": "text", "age": "integer"})


@pytest.mark.parametrize("table", ["age,income\n31,2.5\n54,\n", "age;income\n31;2.5\n54;\n"])
def test_remarks_above_a_table_are_no_rows_of_it(tmp_path: Path, table: str) -> None:
    found = look(tmp_path, "a.csv", f"# written by the export, version 2, at night\n#\n{table}")
    assert (found.rows, found.trouble, list(types(found))) == (2, None, ["age", "income"])


def test_a_header_may_begin_as_a_remark_does(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "#age,income\n31,2.5\n54,\n")
    assert (found.rows, list(types(found))) == (2, ["#age", "income"])
    assert look(tmp_path, "b.csv", "# nothing but this\n").trouble is None


def test_a_line_break_between_quotes_ends_no_row(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", 'text,n\n"one\ntwo",1\n"say ""hi""",2\n')
    assert (found.rows, found.trouble) == (2, None)


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_a_file_without_a_row_has_no_columns(tmp_path: Path, content: str) -> None:
    found = look(tmp_path, "a.csv", content)
    assert (found.columns, found.total, found.trouble) == ((), 0, None)


def test_of_a_long_file_the_beginning_is_looked_at_and_no_half_row(tmp_path: Path) -> None:
    content = "a,b\n" + "".join(f"{number},{number}\n" for number in range(10_000))
    found = look(tmp_path, "a.csv", content, most=1000)
    assert found.total is None
    assert 50 < found.rows < 200
    assert found.trouble is None
    last = int(column(found, "a").maximum or 0)
    assert (found.rows, column(found, "b").maximum) == (last + 1, str(last))
    again = look(tmp_path, "a.csv.gz", packed(content), most=1000)
    assert (again.rows, again.total) == (found.rows, None)


def test_a_file_as_long_as_the_limit_is_whole(tmp_path: Path) -> None:
    content = "a,b\n1,2\n3,4\n"
    assert look(tmp_path, "a.csv", content, most=len(content)).total == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"\xff\xfeage", "no text in UTF-8"),
        ("a.csv", "größe\n1\n".encode("latin-1"), "no text in UTF-8"),
        ("a.csv.gz", b"a,b\n1,2\n", "not packed with gzip"),
        ("a.csv.gz", packed("a,b\n1,2\n" * 50)[:-9], "ends in its middle"),
    ],
)
def test_what_is_no_csv_is_said(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    found = look(tmp_path, name, content)
    assert said in str(found.trouble)
    assert found.columns == ()


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(
    header=st.lists(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), min_size=1, max_size=5, unique=True),
    data=st.data(),
)
def test_what_the_csv_module_writes_is_counted_as_it_was_written(
    header: list[str], data: st.DataObject
) -> None:
    width = len(header)
    rows = data.draw(st.lists(st.lists(texts, min_size=width, max_size=width), max_size=8))
    written = io.StringIO()
    # A lone empty cell would be an empty line, which is no row.
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    with tempfile.TemporaryDirectory() as folder:
        found = look(Path(folder), "a.csv", written.getvalue(), header=True)
    assert [each.name for each in found.columns] == header
    assert (found.rows, found.total, found.trouble) == (len(rows), len(rows), None)


@given(st.lists(st.integers() | st.none(), min_size=1, max_size=30))
def test_integers_keep_their_range_and_their_nulls(numbers: list[int | None]) -> None:
    content = "x,n\n" + "".join(f"{'' if each is None else each},0\n" for each in numbers)
    with tempfile.TemporaryDirectory() as folder:
        found = column(look(Path(folder), "a.csv", content, header=True), "x")
    known = [each for each in numbers if each is not None]
    assert found.nulls == numbers.count(None)
    assert found.type == ("integer" if known else "empty")
    assert (found.minimum, found.maximum) == ((str(min(known)), str(max(known))) if known else (None, None))


@pytest.mark.parametrize("most", range(40, 60))
def test_a_limit_in_the_middle_of_a_character_is_no_trouble(tmp_path: Path, most: int) -> None:
    found = look(tmp_path, "a.csv", "name,n\n" + "äöü€𝄞,1\n" * 20, most=most)
    assert (found.trouble, found.total, found.columns[0].name) == (None, None, "name")


def test_a_single_byte_beyond_the_limit_is_beyond_it(tmp_path: Path) -> None:
    content = "a,b\n1,2\n3,44"
    assert look(tmp_path, "a.csv", content, most=len(content) - 1).total is None


def test_what_is_no_text_is_said_by_the_byte_itself(tmp_path: Path) -> None:
    """Where it stands only the decoder's piece of the file knows."""
    found = look(tmp_path, "a.csv", b"name,n\n" + b"aa,2\n" * 5000 + "größe,2\n".encode("latin-1"))
    assert found.trouble == "it is no text in UTF-8: invalid start byte 0xf6"


def test_names_that_a_header_repeats_stay_apart(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "a,a (3),a\nx,y,1\n", header=True)
    assert [each.name for each in found.columns] == ["a", "a (3)", "a (3) (3)"]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("id,name,id\n1,bob,2\n", True),  # what a join left
        ("id,name,\n1,bob,\n2,ann,\n", True),  # a comma at the end of each line
        ("bob,,\nann,3,4\n", False),  # a row with nulls
        ("?,?,1990\n4,5,1991\n", False),
        ("?,?\n4,5\n", False),
    ],
)
def test_whether_a_doubtful_first_row_is_a_header(tmp_path: Path, content: str, header: bool) -> None:
    assert look(tmp_path, "a.csv", content).header is header


def test_an_infinite_number_is_no_integer(tmp_path: Path) -> None:
    found = look(tmp_path, "a.csv", "a,b\n1,1\ninf,2\n")
    assert [each.integral for each in found.columns] == [False, True]
    (infinite,) = look(tmp_path, "a.jsonl", '{"a": Infinity}\n{"a": 3}\n').columns
    assert (infinite.type, infinite.integral) == ("number", False)
