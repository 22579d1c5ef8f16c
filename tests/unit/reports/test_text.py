"""Amounts for people, and text of others made safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.reports.text import clean, size_text, time_text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_500_000, "1.5 MB"), (7_200_000_000, "7.2 GB")],
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.04, "0.0 s"), (59.94, "59.9 s"), (61, "1 min 1 s"), (3725, "1 h 2 min")],
)
def test_times(seconds: float | None, text: str) -> None:
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("bell\x07 and\x00 nul", "bell and nul"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("50 %\r100 %", "50 %100 %"),
        ("[bold]brackets[/bold]", "[bold]brackets[/bold]"),
    ],
)
def test_control_sequences_are_taken_out(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text())
def test_nothing_that_drives_a_terminal_is_left(text: str) -> None:
    assert not any(ord(char) < 0x20 and char not in "\t\n" for char in clean(text))
    assert "\x1b" not in clean(text)
