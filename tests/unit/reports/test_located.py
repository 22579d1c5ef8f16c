"""Rows with a location: one table where there is room, the location beneath where there is not."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from seatrial.reports.located import LocatedRows, show_rows
from tests.unit.reports.rendering import drawn

LONG = "s3://seatrial/BreastCancer/nd9628qroplr/train/model/pipelines-Train-askDHxGGGh/output/model.tar.gz"


@pytest.fixture
def rows() -> LocatedRows:
    made = LocatedRows("STEP", "SIZE", "URI", right=frozenset({"SIZE"}))
    made.add_row(Text("Train"), Text("9.0 kB"), Text(LONG))
    made.add_row(Text("Check"), Text("1 B"), Text("s3://b/k"))
    return made


def test_where_there_is_room_the_location_is_the_last_column(rows: LocatedRows) -> None:
    assert drawn(lambda console: show_rows(console, rows), width=200).splitlines() == [
        "STEP     SIZE  URI",
        f"Train  9.0 kB  {LONG}",
        "Check     1 B  s3://b/k",
    ]


def test_where_there_is_none_every_location_stands_whole_beneath_its_row(rows: LocatedRows) -> None:
    assert drawn(lambda console: show_rows(console, rows), width=80).splitlines() == [
        "STEP     SIZE",
        "Train  9.0 kB",
        f"    {LONG}",
        "Check     1 B",
        "    s3://b/k",
    ]


def test_wide_characters_keep_the_columns_straight() -> None:
    made = LocatedRows("STEP", "N", "URI")
    made.add_row(Text("訓練"), Text("1"), Text("x"))
    made.add_row(Text("ab"), Text("1"), Text("x"))

    assert drawn(lambda console: show_rows(console, made)).splitlines()[1:] == ["訓練  1  x", "ab    1  x"]


def test_no_line_ends_in_blanks_and_a_terminal_sees_a_uri_as_one_word(rows: LocatedRows) -> None:
    file = io.StringIO()
    show_rows(Console(file=file, width=80, force_terminal=True, color_system=None, highlight=False), rows)

    lines = file.getvalue().splitlines()
    assert lines == [line.rstrip() for line in lines]
    assert LONG in file.getvalue()
