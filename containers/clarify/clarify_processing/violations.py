"""What of an analysis violates an earlier one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sklearn.metrics import ndcg_score

# The noise of floating point and no more: a metric is to have the value that it had.
_NOISE = 1e-9
_ATTRIBUTION = 0.9


def find(analysis: Mapping[str, Any], earlier: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every violation, of bias first."""
    return [
        *_bias("pre_training_bias_metrics", analysis, earlier),
        *_bias("post_training_bias_metrics", analysis, earlier),
        *_attribution(analysis, earlier),
    ]


def _bias(section: str, analysis: Mapping[str, Any], earlier: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    before = {tuple(place): value for *place, value in _metrics(earlier.get(section))}
    for facet, value, name, found in _metrics(analysis.get(section)):
        expected = before.get((facet, value, name))
        if (facet, value, name) in before and not _same(found, expected):
            yield {
                "facet": facet,
                "facet_value": value,
                "metric_name": name,
                "constraint_check_type": "bias_drift_check",
                "description": f"Metric value {found} doesn't meet the baseline constraint requirement "
                f"{expected}",
            }


def _metrics(section: Mapping[str, Any] | None) -> Iterator[tuple[str, str, str, Any]]:
    for facet, groups in ((section or {}).get("facets") or {}).items():
        for group in groups:
            for metric in group["metrics"]:
                yield facet, str(group["value_or_threshold"]), metric["name"], metric["value"]


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, float | int) and isinstance(expected, float | int):
        return math.isclose(found, expected, rel_tol=_NOISE, abs_tol=_NOISE)
    return bool(found == expected)


def _attribution(analysis: Mapping[str, Any], earlier: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The order of the features by what they add, as the normalized discounted cumulative gain."""
    now, before = (_shap(document) for document in (analysis, earlier))
    for label, values in now.items():
        known = before.get(label) or {}
        names = sorted(values.keys() | known.keys())
        if not known or len(names) < 2:
            continue
        gain = float(
            ndcg_score(
                [[abs(known.get(name, 0.0)) for name in names]], [[values.get(name, 0.0) for name in names]]
            )
        )
        if gain < _ATTRIBUTION:
            yield {
                "label": label,
                "metric_name": "shap",
                "constraint_check_type": "feature_attribution_drift_check",
                "description": f"Feature attribution drift {gain} exceeds threshold {_ATTRIBUTION}",
            }


def _shap(document: Mapping[str, Any]) -> Mapping[str, Mapping[str, float]]:
    found = (document.get("explanations") or {}).get("kernel_shap") or {}
    return {label: part["global_shap_values"] for label, part in found.items()}
