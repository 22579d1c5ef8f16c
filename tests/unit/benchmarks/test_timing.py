"""Ratios of medians, their spread, and repetitions that take turns."""

from __future__ import annotations

import pytest
from benchmarks.results import Results, load_results
from benchmarks.targets import quantity
from benchmarks.timing import interleaved, ratio, spread, timed


def test_a_ratio_is_one_of_medians_and_its_spread_that_of_single_repetitions() -> None:
    found = ratio([2.0, 4.0, 9.0], [1.0, 4.0, 3.0])
    assert (found.middle, found.low, found.high) == (4.0 / 3.0, 1.0, 3.0)


def test_a_side_that_was_measured_less_often_is_compared_where_both_were() -> None:
    found = ratio([2.0, 4.0], [1.0, 1.0, 100.0])
    assert (found.low, found.high) == (2.0, 4.0)


def test_a_spread_goes_from_the_least_to_the_greatest() -> None:
    found = spread([3.0, 1.0, 2.0])
    assert (found.middle, found.low, found.high) == (2.0, 1.0, 3.0)


def test_another_side_is_first_in_each_repetition() -> None:
    seen: list[str] = []
    interleaved(3, {name: lambda turn, name=name: seen.append(f"{name}{turn}") for name in "abc"})
    assert seen == ["a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2"]


def test_a_block_is_timed() -> None:
    with timed() as watch:
        pass
    assert 0 <= watch.seconds < 1


def test_parts_are_added_repetition_by_repetition() -> None:
    results: Results = load_results().model_copy(update={"series": {"down": [1.0, 2.0], "up": [10.0, 20.0]}})
    assert quantity("down", "up").of(results) == pytest.approx([11.0, 22.0])
    assert quantity("down", "not measured").of(results) == []
