"""JSON Lines, JSON, Parquet, archives, and what none of them is."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import json
import tarfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seatrial.outputs.profiling import INSTALL, archives
from tests.unit.outputs.profiling.looking import column, look, maybe, packed, types


def lines(*records: Any) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in records)


def parquet(table: pa.Table, **options: Any) -> bytes:
    written = io.BytesIO()
    pq.write_table(table, written, **options)
    return written.getvalue()


def test_records_in_lines(tmp_path: Path) -> None:
    content = lines(
        {"a": 1, "b": {"c": [1]}, "d": "x"}, {"a": 2.5, "d": None}, {"e": True, "d": "2026-01-02"}
    )
    found = look(tmp_path, "a.jsonl", content)
    assert types(found) == {"a": "number", "b": "nested", "d": "text", "e": "boolean"}
    assert {each.name: each.nulls for each in found.columns} == {"a": 1, "b": 2, "d": 1, "e": 2}
    assert (found.rows, found.total, found.header) == (3, 3, None)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([1, 2], "integer"),
        ([10**30, 1], "integer"),
        ([1, 2.5], "number"),
        ([True, False], "boolean"),
        (["1", "2"], "text"),  # JSON says what is a number
        (["true"], "text"),
        (["2026-01-02"], "date"),
        (["2026-01-02T10:00:00Z"], "timestamp"),
        ([[1], {"a": 2}], "nested"),
        ([1, "x"], "text"),
        ([None, float("nan")], "empty"),
    ],
)
def test_the_type_of_json_values(tmp_path: Path, values: list[Any], type_: str) -> None:
    found = look(tmp_path, "a.ndjson", lines(*({"x": value} for value in values)))
    assert types(found) == {"x": type_}


def test_lines_that_are_no_records(tmp_path: Path) -> None:
    assert types(look(tmp_path, "a.jsonl", "[1, 2]\n[3, 4]\n")) == {"1": "integer", "2": "integer"}
    assert types(look(tmp_path, "a.jsonl", "0.5\n0.7\n")) == {"value": "number"}


def test_broken_lines_are_counted_and_the_first_is_shown(tmp_path: Path) -> None:
    found = look(tmp_path, "a.jsonl", '{"a": 1}\n{"a": 2\n\n{"a": 3}\n')
    assert found.rows == 2
    assert str(found.trouble).startswith("1 of 3 lines are no JSON: line 2, ")


def test_of_many_lines_the_first_are_looked_at(tmp_path: Path) -> None:
    content = lines(*({"a": number} for number in range(5000)))
    found = look(tmp_path, "a.jsonl.gz", packed(content), most=1000)
    assert found.total is None
    assert 50 < found.rows < 200
    assert found.trouble is None


def test_a_list_of_records_is_a_table_and_other_json_is_none(tmp_path: Path) -> None:
    found = look(tmp_path, "a.json", json.dumps([{"a": 1}, {"a": 2}]))
    assert (types(found), found.rows) == ({"a": "integer"}, 2)
    for no_table in ({"metrics": {"auc": 0.9}}, [1, 2], [], "text", None):
        assert maybe(tmp_path, "a.json", json.dumps(no_table)) is None


def test_lines_under_the_name_of_json_as_spark_writes_them(tmp_path: Path) -> None:
    assert look(tmp_path, "part-00000.json", lines({"a": 1}, {"a": 2})).rows == 2


def test_what_is_no_json_is_said(tmp_path: Path) -> None:
    assert "no JSON" in str(look(tmp_path, "a.json", '{"a": 1').trouble)


def test_parquet_says_its_types_itself(tmp_path: Path) -> None:
    when = dt.datetime(2026, 1, 2, tzinfo=dt.timezone.utc)
    table = pa.table(
        {
            "i": [1, None, 3],
            "f": [1.0, float("nan"), 2.5],
            "b": [True, False, None],
            "s": ["x", "y", None],
            "d": [dt.date(2026, 1, 2)] * 3,
            "t": [when] * 3,
            "l": [[1], [], None],
            "c": pa.array(["u", "v", "u"]).dictionary_encode(),
            "n": pa.nulls(3),
            "r": [b"\xff", b"x", None],
        }
    )
    found = look(tmp_path, "a.snappy.parquet", parquet(table))
    assert types(found) == {
        "i": "integer",
        "f": "number",
        "b": "boolean",
        "s": "text",
        "d": "date",
        "t": "timestamp",
        "l": "nested",
        "c": "text",
        "n": "empty",
        "r": "text",
    }
    assert {each.name: each.nulls for each in found.columns if each.nulls} == {
        "i": 1,
        "f": 1,
        "b": 1,
        "s": 1,
        "l": 1,
        "n": 3,
        "r": 1,
    }
    assert (column(found, "i").minimum, column(found, "i").maximum) == ("1", "3")
    assert column(found, "c").values == ("u", "v")
    assert (found.rows, found.total, found.header) == (3, 3, None)


def test_numbers_without_fractions_in_parquet(tmp_path: Path) -> None:
    found = look(tmp_path, "a.parquet", parquet(pa.table({"x": [1.0, None], "y": [1.5, 2.0]})))
    assert column(found, "x").integral
    assert not column(found, "y").integral


def test_of_large_parquet_some_is_looked_at_and_all_rows_are_known(tmp_path: Path) -> None:
    table = pa.table({"x": list(range(300_000))})
    found = look(tmp_path, "a.parquet", parquet(table, row_group_size=50_000), most=200_000)
    assert found.total == 300_000
    assert 0 < found.rows < 300_000


def test_parquet_without_a_row_keeps_its_columns(tmp_path: Path) -> None:
    found = look(tmp_path, "a.parquet", parquet(pa.table({"x": pa.array([], pa.int64())})))
    assert (types(found), found.total) == ({"x": "integer"}, 0)


@pytest.mark.parametrize("content", [b"age,label\n1,2\n", b"PAR1", b"PAR1" + b"x" * 40 + b"PAR1"])
def test_what_is_no_parquet_is_said(tmp_path: Path, content: bytes) -> None:
    found = look(tmp_path, "a.parquet", content)
    assert found.trouble is not None
    assert found.columns == ()


def test_without_the_library_nobody_looks_into_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parquet(pa.table({"x": [1]}))
    imported = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return imported(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    found = look(tmp_path, "a.parquet", content)
    assert (found.unseen, found.trouble, found.total) == (INSTALL, None, None)


def test_archives_are_listed(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name in ("./model.joblib", "code/inference.py"):
            tar.addfile(tarfile.TarInfo(name))
        folder = tarfile.TarInfo("code")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
    assert look(tmp_path, "model.tar.gz", archive.getvalue()).members == ("model.joblib", "code/inference.py")
    assert look(tmp_path, "model.tgz", archive.getvalue()).members is not None
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("a/b.csv", "1")
    found = look(tmp_path, "a.zip", zipped.getvalue())
    assert (found.members, found.sizes) == (("a/b.csv",), (1,))


def test_of_too_many_members_none_is_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_MEMBERS", 1)
    packed_both = {"a.tar": io.BytesIO(), "a.zip": io.BytesIO()}
    with (
        tarfile.open(fileobj=packed_both["a.tar"], mode="w") as tar,
        zipfile.ZipFile(packed_both["a.zip"], "w") as zipped,
    ):
        for name in ("one", "two"):
            tar.addfile(tarfile.TarInfo(name))
            zipped.writestr(name, "1")
    for name, content in packed_both.items():
        found = look(tmp_path, name, content.getvalue())
        assert (found.members, found.unseen) == (None, "it holds more than 1 files")


@pytest.mark.parametrize("name", ["model.tar.gz", "model.zip", "a.tar", "a.csv.gz", "a.jsonl.gz"])
def test_what_is_no_archive_is_said(tmp_path: Path, name: str) -> None:
    assert look(tmp_path, name, b"weights" * 300).trouble is not None


@pytest.mark.parametrize(
    "name",
    ["model.joblib", "_SUCCESS", ".part-0.csv.crc", "_metadata.csv", "part-00000", "a.txt", "a.csv.out"],
)
def test_other_files_are_none_of_this(tmp_path: Path, name: str) -> None:
    assert maybe(tmp_path, name, b"1,2\n") is None


def test_whatever_a_library_does_the_answer_is_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls(*_: Any) -> None:
        raise RuntimeError("out of everything")

    monkeypatch.setattr("seatrial.outputs.profiling.files.profile_lines", falls)
    assert look(tmp_path, "a.jsonl", "{}\n").unseen == "RuntimeError: out of everything"


def test_many_records_in_lines_under_the_name_of_json(tmp_path: Path) -> None:
    found = look(tmp_path, "part-0.json", lines(*({"a": n, "b": "ä€"} for n in range(500))), most=400)
    assert (found.format, found.total, types(found)) == ("jsonl", None, {"a": "integer", "b": "text"})
    assert maybe(tmp_path, "a.json", json.dumps({"a": "x" * 900}), most=400) is None


def test_only_line_feeds_part_records(tmp_path: Path) -> None:
    content = '{"a": "x\u2028y"}\n{"a": "z"}\n'
    assert look(tmp_path, "a.json", content).rows == look(tmp_path, "a.jsonl", content).rows == 2


def test_decimals_have_fractions(tmp_path: Path) -> None:
    prices = pa.array([Decimal("1.50"), Decimal("2.00")], pa.decimal128(5, 2))
    counts = pa.array([Decimal("1.00"), None], pa.decimal128(5, 2))
    found = look(tmp_path, "a.parquet", parquet(pa.table({"price": prices, "count": counts})))
    assert [(each.type, each.integral) for each in found.columns] == [("number", False), ("number", True)]


def test_times_that_python_has_no_word_for(tmp_path: Path) -> None:
    table = pa.table(
        {
            "fine": pa.array([1, 1_000_000_001], pa.timestamp("ns")),
            "far": pa.array([10**12, 1], pa.timestamp("s")),
            "n": [1, 2],
        }
    )
    found = look(tmp_path, "a.parquet", parquet(table))
    assert (found.unseen, column(found, "n").maximum) == (None, "2")
    assert (column(found, "fine").type, column(found, "far").minimum) == ("timestamp", None)


def test_half_numbers(tmp_path: Path) -> None:
    halves = pa.table({"h": pa.array([1.5, 2.0, None, float("nan")], pa.float16())})
    (found,) = look(tmp_path, "a.parquet", parquet(halves)).columns
    assert (found.type, found.nulls, found.minimum, found.maximum) == ("number", 2, "1.5", "2.0")


def test_what_the_library_cannot_do_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(*_: object, **__: object) -> None:
        raise pa.ArrowNotImplementedError("Support for codec 'lzo' not built")

    monkeypatch.setattr(pq, "ParquetFile", unable)
    found = look(tmp_path, "a.parquet", parquet(pa.table({"x": [1]})))
    assert (found.trouble, found.unseen) == (None, "Support for codec 'lzo' not built")
