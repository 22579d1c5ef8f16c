"""The objective in a growing log, and the rule by which jobs are stopped early."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from seatrial.engines.job import Metric
from seatrial.engines.tuning.early_stopping import Curve, MedianRule
from seatrial.engines.tuning.request import Objective

HIGHEST = Objective(Metric("score", "score=([0-9.]+)"), maximize=True)
LOWEST = Objective(Metric("score", "score=([0-9.]+)"), maximize=False)
CURVES = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=5), min_size=1, max_size=5)


def test_values_are_read_as_the_log_grows(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    curve = Curve(log, HIGHEST)
    assert list(curve.values()) == []
    log.write_text("begins\nscore=0.1\nscore=0.")
    assert list(curve.values()) == [0.1]
    log.write_text("begins\nscore=0.1\nscore=0.25\nends\n")
    assert list(curve.values()) == [0.1, 0.25]
    assert list(curve.values()) == [0.1, 0.25]


def test_the_last_line_of_a_job_that_has_ended_needs_no_end_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("score=0.1\nscore=0.2")
    curve = Curve(log, HIGHEST)
    assert list(curve.values()) == [0.1]
    assert list(curve.values(ended=True)) == [0.1, 0.2]


def _rule(objective: Objective, *curves: list[float]) -> MedianRule:
    rule = MedianRule(objective)
    for curve in curves:
        rule.learn(curve)
    return rule


def test_a_job_is_held_against_the_median_of_the_averages_up_to_the_same_epoch() -> None:
    rule = _rule(HIGHEST, [0.2, 0.4, 0.6], [0.4, 0.6, 0.8], [0.0, 0.9])
    assert not rule.hopeless([0.2])
    assert rule.hopeless([0.1])
    assert not rule.hopeless([0.2, 0.45])
    assert rule.hopeless([0.2, 0.44])


def test_lower_is_better_where_it_is_to_be_minimized() -> None:
    rule = _rule(LOWEST, [0.5, 0.3])
    assert not rule.hopeless([0.5, 0.4])
    assert rule.hopeless([0.6])


def test_nothing_is_stopped_before_there_is_anything_to_compare_with() -> None:
    assert not _rule(HIGHEST).hopeless([0.0])
    assert not _rule(HIGHEST, []).hopeless([0.0])
    assert not _rule(HIGHEST, [0.1]).hopeless([0.2, 0.0])


@given(CURVES)
def test_a_job_better_than_all_before_it_is_never_stopped(curves: list[list[float]]) -> None:
    assert not _rule(HIGHEST, *curves).hopeless([1.0] * 5)
    assert not _rule(LOWEST, *curves).hopeless([0.0] * 5)
