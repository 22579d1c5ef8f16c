"""`constraints.json`: what data like this should satisfy, suggested from its statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VERSION = 0.0
# A column is categorical if it has few values, hardly any of which occurs but once.
_MOST_VALUES = 120
_MOST_SINGLE = 0.1


def suggest(statistics: Mapping[str, Any], categorical_drift_method: str) -> dict[str, Any]:
    """The whole document, with the thresholds that published files have."""
    return {
        "version": VERSION,
        "features": [_feature(feature) for feature in statistics["features"]],
        "monitoring_config": {
            "evaluate_constraints": "Enabled",
            "emit_metrics": "Enabled",
            "datatype_check_threshold": 1.0,
            "domain_content_threshold": 1.0,
            "distribution_constraints": {
                "perform_comparison": "Enabled",
                "comparison_threshold": 0.1,
                "comparison_method": "Robust",
                "categorical_comparison_threshold": 0.1,
                "categorical_drift_method": categorical_drift_method,
            },
        },
    }


def _feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    numerical, strings = feature.get("numerical_statistics"), feature.get("string_statistics")
    suggested: dict[str, Any] = {
        "name": feature["name"],
        "inferred_type": feature["inferred_type"],
        "completeness": _completeness((numerical or strings or {}).get("common")),
    }
    if numerical:
        suggested["num_constraints"] = {"is_non_negative": numerical["min"] >= 0}
    domains = _domains(strings) if strings else []
    if domains:
        suggested["string_constraints"] = {"domains": domains}
    return suggested


def _completeness(common: Mapping[str, int] | None) -> float:
    total = (common["num_present"] + common["num_missing"]) if common else 0
    return common["num_present"] / total if common and total else 0.0


def _domains(strings: Mapping[str, Any]) -> list[str]:
    buckets = strings["distribution"]["categorical"]["buckets"]
    single = sum(bucket["count"] == 1 for bucket in buckets)
    if len(buckets) > _MOST_VALUES or single > _MOST_SINGLE * len(buckets):
        return []
    return sorted(bucket["value"] for bucket in buckets)
