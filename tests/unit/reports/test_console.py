"""Where things go: answers to stdout, news to stderr, and nothing folded in a log."""

from __future__ import annotations

import pytest

from seatrial.reports.console import answers, news, table
from seatrial.reports.text import shown

LONG = "s3://bucket/" + "folder/" * 25


def test_answers_go_to_stdout_and_news_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    answers().print("asked for")
    news().print("by the way")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("asked for\n", "by the way\n")


def test_a_long_location_stays_in_one_piece_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = table("URI")
    made.add_row(shown(LONG))
    answers().print(made)
    assert LONG in capsys.readouterr().out
