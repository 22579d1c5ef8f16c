"""A training job's metrics, searched for in its log; knows nothing of how the log came about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from seatrial.engines.job import Metric

LIMIT = 40


def final_values(lines: Iterable[str], metrics: Sequence[Metric]) -> dict[str, float]:
    """The last value of each metric, at most `LIMIT` of them.

    The service searches the line as its log shows it, where a tab is written `#011`. What the first
    group caught must be a number; anything else is passed over.
    """
    patterns = [(metric.name, re.compile(metric.regex)) for metric in metrics]
    values: dict[str, float] = {}
    for line in lines:
        shown = _as_shown(line)
        for name, pattern in patterns:
            value = _captured_number(pattern, shown)
            if value is not None:
                values[name] = value
    return dict(list(values.items())[:LIMIT])


def values_of(lines: Iterable[str], metric: Metric) -> list[float]:
    """Every value of one metric, in the order of the log."""
    pattern = re.compile(metric.regex)
    found = (_captured_number(pattern, _as_shown(line)) for line in lines)
    return [value for value in found if value is not None]


def _as_shown(line: str) -> str:
    return line.rstrip("\r\n").replace("\t", "#011")


def _captured_number(pattern: re.Pattern[str], line: str) -> float | None:
    match = pattern.search(line)
    if not match or not pattern.groups:
        return None
    try:
        number = float(match.group(1))
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
