"""What is said of the files of an input that a job opened."""

from __future__ import annotations

import pytest

from seatrial.ports.observation import InputFiles, Observation
from seatrial.reports.opened import opened_text


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (InputFiles("train", 12, 12), "12 of 12 files opened"),
        (InputFiles("train", 1, 0, ("a",)), "0 of 1 file opened; never opened: a"),
        (InputFiles("train", 3, 1, ("a", "b")), "1 of 3 files opened; never opened: a, b"),
        (
            InputFiles("train", 9, 4, ("a", "b", "c", "d", "e")),
            "4 of 9 files opened; never opened: a, b, c, …",
        ),
        (InputFiles("train", 0, 0), ""),
    ],
)
def test_opened_files_are_counted_and_the_first_of_the_others_named(seen: InputFiles, text: str) -> None:
    assert opened_text(Observation(inputs=(seen,)), "train") == text


def test_what_was_not_observed_is_said_with_its_reason() -> None:
    assert opened_text(Observation(files_unseen="why"), "train") == "opening not observed: why"


def test_each_input_has_its_own_reason() -> None:
    seen = Observation(
        inputs=(InputFiles("train", 1, 1),), files_unseen="one is a pipe; two is sent; trainer is no"
    )
    assert opened_text(seen, "two") == "opening not observed: two is sent"
    assert opened_text(seen, "train") == "1 of 1 file opened"


def test_where_nobody_looked_nothing_is_said() -> None:
    assert opened_text(None, "train") == ""
    assert opened_text(Observation(), "train") == ""
    assert opened_text(Observation(inputs=()), "other") == ""
