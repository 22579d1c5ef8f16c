"""Metrics are what the regular expressions find in the log, and numbers."""

from __future__ import annotations

from seatrial.engines.job import Metric
from seatrial.engines.metrics import LIMIT, final_values


def test_the_last_value_of_each_name_counts() -> None:
    lines = ["loss=0.5;\n", "acc=0.1\n", "loss=0.25;\n"]
    metrics = [Metric("loss", r"loss=([\d.]+)"), Metric("acc", r"acc=([\d.]+)")]
    assert final_values(lines, metrics) == {"loss": 0.25, "acc": 0.1}


def test_a_tab_is_searched_as_the_log_shows_it() -> None:
    lines = ["[7]\ttrain-auc:0.9\tvalidation-auc:0.8\n"]
    shown = Metric("validation:auc", r".*\[[0-9]+\].*#011validation-auc:([-+]?[0-9]*\.?[0-9]+).*")
    assert final_values(lines, [shown, Metric("raw", r"\ttrain-auc:([\d.]+)")]) == {"validation:auc": 0.8}


def test_what_is_no_number_leaves_the_last_number() -> None:
    lines = ["loss=1.5\n", "loss=unknown\n", "loss=nan\n", "loss=inf\n"]
    assert final_values(lines, [Metric("loss", r"loss=(\S+)")]) == {"loss": 1.5}


def test_a_regex_without_a_group_or_with_one_that_took_no_part_finds_nothing() -> None:
    assert final_values(["loss=1\n"], [Metric("a", r"loss=\d"), Metric("b", r"loss=\d(x)?")]) == {}


def test_scientific_notation_is_a_number() -> None:
    assert final_values(["loss=1e-05\r\n"], [Metric("loss", r"loss=(\S+)")]) == {"loss": 1e-05}


def test_no_more_than_the_limit_is_reported() -> None:
    metrics = [Metric(f"m{number}", r"v=(\d)") for number in range(LIMIT + 5)]
    assert len(final_values(["v=1\n"], metrics)) == LIMIT
