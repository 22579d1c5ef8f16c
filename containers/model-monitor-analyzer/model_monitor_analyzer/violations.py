"""What of a data set violates the constraints of an earlier one, in the words of published reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model_monitor_analyzer import drift
from model_monitor_analyzer.dataset import Columns
from model_monitor_analyzer.types import count_types, matching_share

Violation = dict[str, str]


def find(
    columns: Columns,
    statistics: Mapping[str, Any],
    constraints: Mapping[str, Any],
    earlier: Mapping[str, Any] | None,
) -> list[Violation]:
    """Every violation; `statistics` are this data's, `earlier` those of the constraints' own data."""
    monitoring = constraints.get("monitoring_config") or {}
    if monitoring.get("evaluate_constraints", "Enabled") != "Enabled":
        return []
    expected = {feature["name"]: feature for feature in constraints.get("features") or ()}
    before = {feature["name"]: feature for feature in (earlier or {}).get("features") or ()}
    now = {feature["name"]: feature for feature in statistics["features"]}
    found = list(_columns(set(columns), set(expected)))
    for name in (name for name in expected if name in columns):
        config = _overridden(monitoring, expected[name])
        found += _of_column(name, columns, expected[name], config)
        if name in before:
            found += drift.find(name, now[name], before[name], config.get("distribution_constraints") or {})
    return found


def _columns(there: set[str], expected: set[str]) -> Iterator[Violation]:
    counts = (
        f"Number of columns in current dataset: {len(there)}, "
        f"Number of columns in baseline constraints: {len(expected)}"
    )
    for kind, names in (("missing", expected - there), ("extra", there - expected)):
        if names:
            yield violation(
                f"{kind.capitalize()} columns",
                f"{kind}_column_check",
                f"There are {kind} columns in current dataset: {', '.join(sorted(names))}. {counts}",
            )


def _of_column(
    name: str, columns: Columns, expected: Mapping[str, Any], config: Mapping[str, Any]
) -> Iterator[Violation]:
    values = [value for value in columns[name] if value is not None]
    kind, least = expected.get("inferred_type", "Unknown"), config.get("datatype_check_threshold", 1.0)
    share = matching_share(kind, count_types(values))
    if share < least:
        yield violation(
            name,
            "data_type_check",
            f"Data type match requirement is not met. Expected data type: {kind}, "
            f"Expected match: {least * 100}%. Observed: Only {share * 100}% of data is {kind}.",
        )
    completeness = len(values) / len(columns[name]) if columns[name] else 0.0
    if completeness < expected.get("completeness", 0.0):
        yield violation(
            name,
            "completeness_check",
            "Data completeness requirement is not met. "
            f"Expected completeness: {expected['completeness'] * 100}%. "
            f"Observed: Only {completeness * 100}% of data is complete.",
        )
    yield from _categories(name, values, expected, config.get("domain_content_threshold", 1.0))


def _categories(
    name: str, values: list[str], expected: Mapping[str, Any], least: float
) -> Iterator[Violation]:
    domains = (expected.get("string_constraints") or {}).get("domains")
    if not domains or not values:
        return
    known = set(domains)
    unknown = [value for value in values if value not in known]
    share = 1 - len(unknown) / len(values)
    if share < least:
        shown = ", ".join(sorted(set(unknown))[:10])
        yield violation(
            name,
            "categorical_values_check",
            f"Categorical values requirement is not met. Expected match: {least * 100}%. "
            f"Observed: Only {share * 100}% of data is among the known values. Unknown values: {shown}",
        )


def violation(feature: str, check: str, description: str) -> Violation:
    """One entry of `constraint_violations.json`."""
    return {"feature_name": feature, "constraint_check_type": check, "description": description}


def _overridden(monitoring: Mapping[str, Any], feature: Mapping[str, Any]) -> dict[str, Any]:
    """The thresholds of one column: files in the wild spell their own ones in either way."""
    own = feature.get("monitoring_config_overrides") or feature.get("monitoringConfigOverrides") or {}
    both = {
        **(monitoring.get("distribution_constraints") or {}),
        **(own.get("distribution_constraints") or {}),
    }
    return {**monitoring, **own, "distribution_constraints": both}
