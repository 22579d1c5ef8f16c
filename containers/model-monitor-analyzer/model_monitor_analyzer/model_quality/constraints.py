"""`constraints.json` of a model's predictions, and what violates an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model_monitor_analyzer.model_quality.statistics import FIGURES, SECTIONS

VERSION = 0.0
# Errors should not grow; every other figure should not fall.
_SHOULD_NOT_GROW = frozenset({"mae", "mse", "rmse", "false_positive_rate", "false_negative_rate"})


def suggest(problem: str, statistics: Mapping[str, Any]) -> dict[str, Any]:
    """A later model should be as good as this one."""
    found = statistics[f"{SECTIONS[problem]}_metrics"]
    return {
        "version": VERSION,
        f"{SECTIONS[problem]}_constraints": {
            name: {"threshold": found[name]["value"], "comparison_operator": _operator(name)}
            for name in FIGURES[problem]
            if name in found
        },
    }


def find_violations(
    problem: str, statistics: Mapping[str, Any], constraints: Mapping[str, Any]
) -> Iterator[dict[str, str]]:
    """Every figure that is on the wrong side of its threshold."""
    now = statistics[f"{SECTIONS[problem]}_metrics"]
    for name, constraint in (constraints.get(f"{SECTIONS[problem]}_constraints") or {}).items():
        if name not in now or not isinstance(constraint, Mapping):
            continue
        value, threshold = now[name]["value"], constraint["threshold"]
        operator = constraint["comparison_operator"]
        fell = operator == "LessThanThreshold" and value < threshold
        if fell or (operator == "GreaterThanThreshold" and value > threshold):
            yield {
                "constraint_check_type": operator,
                "description": f"Metric {name} with {value} was {operator} {threshold}",
                "metric_name": name,
            }


def _operator(name: str) -> str:
    return "GreaterThanThreshold" if name in _SHOULD_NOT_GROW else "LessThanThreshold"
