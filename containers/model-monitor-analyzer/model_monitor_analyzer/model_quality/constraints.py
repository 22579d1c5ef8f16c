"""`constraints.json` of a model's predictions, and what violates an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.model_quality.statistics import FIGURES, SECTIONS

VERSION = 0.0
_LESS, _GREATER = "LessThanThreshold", "GreaterThanThreshold"
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
    for name, (operator, threshold) in _thresholds(problem, constraints).items():
        if name not in now:
            continue
        value = now[name]["value"]
        if value < threshold if operator == _LESS else value > threshold:
            yield {
                "constraint_check_type": operator,
                "description": f"Metric {name} with {value} was {operator} {threshold}",
                "metric_name": name,
            }


def find_unchecked(problem: str, statistics: Mapping[str, Any], constraints: Mapping[str, Any]) -> list[str]:
    """The figures that have a threshold and cannot be told of this data."""
    now = statistics[f"{SECTIONS[problem]}_metrics"]
    return [name for name in _thresholds(problem, constraints) if name not in now]


def _thresholds(problem: str, constraints: Mapping[str, Any]) -> dict[str, tuple[str, float]]:
    """By figure; a baseline of something else would be kept by anything, and is a fault."""
    section = f"{SECTIONS[problem]}_constraints"
    if not isinstance(constraints.get(section), Mapping):
        raise JobFaultError(f"the baseline's constraints have no {section}")
    return {
        name: _threshold(name, constraint)
        for name, constraint in constraints[section].items()
        if isinstance(constraint, Mapping)
    }


def _threshold(name: str, constraint: Mapping[str, Any]) -> tuple[str, float]:
    operator, threshold = constraint.get("comparison_operator"), constraint.get("threshold")
    if operator not in (_LESS, _GREATER) or not isinstance(threshold, int | float):
        raise JobFaultError(
            f"the baseline's constraint of {name} is not known: it has a number as its threshold, "
            f"and {_LESS} or {_GREATER} as its comparison_operator"
        )
    return operator, threshold


def _operator(name: str) -> str:
    return _GREATER if name in _SHOULD_NOT_GROW else _LESS
