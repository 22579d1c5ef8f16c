"""How far a column's distribution has moved from an earlier one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from model_monitor_analyzer import sketches
from model_monitor_analyzer.faults import JobFaultError

# The critical value of the two-sample Kolmogorov-Smirnov test at a level of 5 %.
_CRITICAL = 1.358


def find(
    name: str, now: Mapping[str, Any], before: Mapping[str, Any], config: Mapping[str, Any]
) -> Iterator[dict[str, str]]:
    """A violation if the distance exceeds the threshold; columns that changed their type are not compared."""
    if config.get("perform_comparison", "Disabled") != "Enabled":
        return
    if "numerical_statistics" in now and "numerical_statistics" in before:
        moved = _numerical(now["numerical_statistics"], before["numerical_statistics"], config)
        threshold = config.get("comparison_threshold", 0.1)
    elif "string_statistics" in now and "string_statistics" in before:
        moved = _categorical(now["string_statistics"], before["string_statistics"], config)
        threshold = config.get("categorical_comparison_threshold")
    else:
        return
    if moved is not None and threshold is not None and moved > threshold:
        yield {
            "feature_name": name,
            "constraint_check_type": "baseline_drift_check",
            "description": f"Baseline drift distance: {moved} exceeds threshold: {threshold}",
        }


def _numerical(now: Mapping[str, Any], before: Mapping[str, Any], config: Mapping[str, Any]) -> float | None:
    one, other = sketches.read(now["distribution"]), sketches.read(before.get("distribution") or {})
    if one is None or other is None:
        return None
    moved = sketches.distance(one, other)
    if config.get("comparison_method", "Robust") == "Robust":
        # Two small samples of one distribution differ as well: that much counts for nothing.
        return max(0.0, moved - _CRITICAL * math.sqrt((one.count + other.count) / (one.count * other.count)))
    return moved


def _categorical(
    now: Mapping[str, Any], before: Mapping[str, Any], config: Mapping[str, Any]
) -> float | None:
    """The largest difference of any value's share."""
    method = config.get("categorical_drift_method", "LInfinity")
    if method != "LInfinity":
        raise JobFaultError(f"categorical_drift_method {method} is not supported here; LInfinity is")
    one, other = _shares(now), _shares(before)
    if not one or not other:
        return None
    return max(abs(one.get(value, 0.0) - other.get(value, 0.0)) for value in {*one, *other})


def _shares(strings: Mapping[str, Any]) -> dict[str, float]:
    distribution = strings.get("distribution") or {}
    buckets = (distribution.get("categorical") or {}).get("buckets") or []
    total = sum(bucket["count"] for bucket in buckets)
    return {bucket["value"]: bucket["count"] / total for bucket in buckets} if total else {}
