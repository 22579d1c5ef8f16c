"""What of an analysis violates an earlier one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.json_text import finite
from sklearn.metrics import ndcg_score

# The noise of floating point and no more: a metric is to have the value that it had.
_NOISE = 1e-9
_ATTRIBUTION = 0.9
# The greatest value of the data at hand ends the last interval above a threshold: "(40, 75]".
_GREATEST = re.compile(r"[^ ,]+\]$")


def find(analysis: Mapping[str, Any], earlier: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every violation, of bias first."""
    return [
        *_bias("pre_training_bias_metrics", analysis, earlier),
        *_bias("post_training_bias_metrics", analysis, earlier),
        *_attribution(analysis, earlier),
    ]


def _bias(section: str, analysis: Mapping[str, Any], earlier: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    before = {_place(*place): value for *place, value in _metrics(earlier.get(section))}
    now = list(_metrics(analysis.get(section)))
    if now and not any(_place(*place) in before for *place, _ in now):
        raise JobFaultError(f"the baseline has none of the {section} of this analysis")
    for facet, value, name, found in now:
        expected = before.get(_place(facet, value, name))
        if _place(facet, value, name) in before and not _same(found, expected):
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


def _place(facet: str, value: str, name: str) -> tuple[str, str, str]:
    """What tells one metric from others, in data of other extremes too."""
    return facet, _GREATEST.sub("]", value) if value.startswith("(") else value, name


def _same(found: Any, expected: Any) -> bool:
    found, expected = finite(found), finite(expected)
    if isinstance(found, float | int) and isinstance(expected, float | int):
        return math.isclose(found, expected, rel_tol=_NOISE, abs_tol=_NOISE)
    return bool(found == expected)


def _attribution(analysis: Mapping[str, Any], earlier: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The order of the features by what they add, as the normalized discounted cumulative gain."""
    now, before = (_shap(document) for document in (analysis, earlier))
    for label, values in now.items():
        known = before.get(label)
        if known is None:
            raise JobFaultError(f"the baseline has no SHAP values of {label}")
        names = sorted(values.keys() | known.keys())
        if len(names) < 2:
            continue  # alone a feature is always the first
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
