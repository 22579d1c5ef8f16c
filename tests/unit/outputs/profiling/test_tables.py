"""Files put together: parts of one table, partitions, guesses of headers, parts that differ."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from seatrial.outputs.profiling import pattern_of, profile_of
from seatrial.ports.contents import FileProfile, Profile, Table
from tests.unit.outputs.profiling.looking import look, maybe


def together(folder: Path, files: Mapping[str, str]) -> Profile:
    looked = ((name, maybe(folder, name, text)) for name, text in files.items())
    return profile_of([(name, found) for name, found in looked if found is not None])


def one(folder: Path, files: Mapping[str, str]) -> Table:
    (table,) = together(folder, files).tables
    return table


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("train.csv", "train.csv"),
        ("part-0.csv", "part-*.csv"),
        ("part-00000-7b2f4d1e-0c3a-4b5d-9e8f-112233445566-c000.snappy.parquet", "part-*-*-c*.snappy.parquet"),
        ("year=2026/month=1/a.csv", "year=*/month=*/a.csv"),
        ("country=DE/a.csv", "country=*/a.csv"),
        ("fold-1/train.csv", "fold-*/train.csv"),
        ("features_v2.csv", "features_v2.csv"),
        ("scores_2026-01-02.csv", "scores_*-*-*.csv"),
    ],
)
def test_what_names_of_parts_have_in_common(name: str, pattern: str) -> None:
    assert pattern_of(name) == pattern


def test_parts_of_one_table_are_counted_together(tmp_path: Path) -> None:
    table = one(tmp_path, {"part-0.csv": "a,b\n1,x\n5,\n", "part-1.csv": "a,b\n2.5,y\n"})
    assert (table.name, table.files, table.rows, table.total) == ("part-*.csv", 2, 3, 3)
    assert [(c.name, c.type, c.nulls, c.minimum, c.maximum) for c in table.columns] == [
        ("a", "number", 0, "1", "5"),
        ("b", "text", 1, "x", "y"),
    ]
    assert table.columns[1].values == ("x", "y")


def test_partitions_are_parts(tmp_path: Path) -> None:
    table = one(tmp_path, {"year=2025/a.csv": "a,b\n1,2\n", "year=2026/a.csv": "a,b\n"})
    assert (table.name, table.empty, table.odd) == ("year=*/a.csv", ("year=2026/a.csv",), ())


def test_other_names_are_other_tables(tmp_path: Path) -> None:
    found = together(
        tmp_path, {"X_train.csv": "a,b\n1,2\n", "y_train.csv": "1\n", "metrics.json": '{"a": 1}'}
    )
    assert [table.name for table in found.tables] == ["X_train.csv", "y_train.csv"]


def test_guesses_of_headers_follow_the_parts_that_are_sure(tmp_path: Path) -> None:
    table = one(tmp_path, {"part-0.csv": "name,city\nLi,Rome\n", "part-1.csv": "name,city\n7,Oslo\n"})
    assert (table.header, table.sure, table.rows, table.odd) == (True, True, 2, ())


def test_first_rows_that_differ_are_rows(tmp_path: Path) -> None:
    table = one(tmp_path, {"part-0.csv": "good,yes\nbad,no\n", "part-1.csv": "fine,maybe\npoor,never\n"})
    assert (table.header, table.rows, table.odd) == (False, 4, ())
    assert [column.name for column in table.columns] == ["1", "2"]


def test_first_rows_that_are_the_same_are_headers(tmp_path: Path) -> None:
    table = one(tmp_path, {"part-0.csv": "text,label\ngood,yes\n", "part-1.csv": "text,label\nbad,no\n"})
    assert (table.header, table.sure, table.rows) == (True, True, 2)


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("a,b\n1,2\n", "a,c\n1,2\n", ("lacks 'b'", "has 'c' besides")),
        ("a,b\n1,2\n", "1,2\n3,4\n", ("has no header",)),
        ("1,2\n", "1,2,3\n", ("has 3 columns, and not 2",)),
    ],
)
def test_how_parts_differ(tmp_path: Path, first: str, second: str, differs: tuple[str, ...]) -> None:
    (odd,) = one(tmp_path, {"part-0.csv": first, "part-1.csv": second}).odd
    assert (odd.name, odd.differs) == ("part-1.csv", differs)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a,b\n1,2\n", "b,a\n1,2\n"),  # by name
        ("a,b\n1,2\n", "a,b\nx,2\n"),  # in CSV nothing says that a code is no number
        ("a,b\n1,2\n", ""),
    ],
)
def test_how_parts_do_not_differ(tmp_path: Path, first: str, second: str) -> None:
    assert one(tmp_path, {"part-0.csv": first, "part-1.csv": second}).odd == ()


def test_records_need_not_have_every_key_but_values_of_one_kind(tmp_path: Path) -> None:
    assert one(tmp_path, {"part-0.jsonl": '{"a": 1}\n', "part-1.jsonl": '{"b": 1}\n'}).odd == ()
    (odd,) = one(tmp_path, {"part-0.jsonl": '{"a": 1}\n', "part-1.jsonl": '{"a": "x"}\n'}).odd
    assert odd.differs == ("has 'a' as text, and not as integer",)


def test_a_file_that_cannot_be_read_is_no_part(tmp_path: Path) -> None:
    found = together(tmp_path, {"part-0.parquet": "no", "part-0.csv": "1,2\n"})
    assert [table.name for table in found.tables] == ["part-0.csv"]
    assert [trouble.name for trouble in found.troubles] == ["part-0.parquet"]


def test_of_a_table_with_parts_that_nobody_saw_the_number_of_rows_is_not_known(tmp_path: Path) -> None:
    part = look(tmp_path, "part-0.csv", "a,b\n1,2\n")
    other = look(tmp_path, "other.csv", "a,b\n1,2\n")
    gone = FileProfile("csv", total=None, unseen="gone")
    files = [("part-0.csv", part), ("other.csv", other)]
    beyond = profile_of(files, ["1 of 3 files: beyond"], beyond=["part-1.csv"])
    assert [table.total for table in beyond.tables] == [None, 1]
    assert [table.total for table in profile_of([*files, ("part-1.csv", gone)]).tables] == [None, 1]
