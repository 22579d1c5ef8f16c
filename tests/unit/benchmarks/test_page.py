"""docs/benchmarks.md is what the committed results say, and says why a target was missed."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.comparisons import COMPARISONS
from benchmarks.explanations import EXPLANATIONS, explanation
from benchmarks.page import page
from benchmarks.results import Results, load_results
from benchmarks.targets import Target, quantity

ROOT = Path(__file__).parents[3]
TARGETS = [target for comparison in COMPARISONS for target in comparison.targets]


@pytest.fixture
def results() -> Results:
    return load_results()


def test_the_page_is_written_from_the_committed_results(results: Results) -> None:
    written = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert written == page(results), "write it anew: python -m benchmarks.page docs/benchmarks.md"


def test_the_committed_results_hold_every_target_and_every_line(results: Results) -> None:
    assert [target.name for target in TARGETS if target.measured(results) is None] == []
    rows = [row for comparison in COMPARISONS for row in comparison.rows]
    assert [row.words for row in rows if not row.quantity.of(results)] == []


def test_every_target_can_be_explained_with_measured_figures(results: Results) -> None:
    assert set(EXPLANATIONS) == {target.name for target in TARGETS}
    assert [name for name in EXPLANATIONS if "(not measured)" in explanation(name, results)] == []


def test_a_missed_target_is_said_with_its_parts(results: Results) -> None:
    slow = results.model_copy(update={"series": {**results.series, "chained.seatrial.step": [9.0, 9.0]}})
    text = page(slow)
    assert "**not reached**" in text
    assert "Not reached: a step, against its bare container. Of 9.00 s a step, the container takes" in text


def test_what_was_not_measured_has_no_verdict(results: Results) -> None:
    target = Target("x", "x", 1.0, quantity("no.such.series"))
    assert (target.measured(results), target.reached(results)) == (None, None)


@pytest.mark.parametrize(
    ("values", "at_least", "reached"),
    [
        ([1.0, 2.0, 9.0], False, True),
        ([1.0, 2.0, 9.0], True, True),
        ([3.0], False, False),
        ([1.0], True, False),
    ],
)
def test_the_median_decides(results: Results, values: list[float], at_least: bool, reached: bool) -> None:
    measured = results.model_copy(update={"series": {"x": values}})
    target = Target("x", "x", 2.0, quantity("x"), unit="s", at_least=at_least)
    assert target.reached(measured) is reached


def test_a_share_is_held_against_its_limit_in_percent(results: Results) -> None:
    measured = results.model_copy(update={"series": {"part": [0.2], "whole": [1.0]}})
    target = Target("x", "x", 5.0, quantity("part"), quantity("whole"), unit="%")
    assert target.reached(measured) is False
