"""One analysis from its data to its documents; writes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model_monitor_analyzer import constraints, scripts, statistics, violations
from model_monitor_analyzer.dataset import Columns, read_columns
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.settings import Attributes, Settings


@dataclass(frozen=True)
class Documents:
    """What a job leaves; `violations` is empty also where nothing was checked, as `unchecked` tells."""

    statistics: Mapping[str, Any]
    constraints: Mapping[str, Any]
    violations: list[dict[str, str]]
    unchecked: list[str] = field(default_factory=list)


def analyze(settings: Settings) -> Documents:
    """Describe the data, suggest constraints, and check the data against earlier ones if there are any."""
    preprocess = scripts.load_preprocessor(settings.preprocessor) if settings.preprocessor else None
    columns = read_columns(settings.dataset, settings.dataset_format, preprocess)
    earlier = _read(settings.baseline_constraints)
    if settings.attributes is not None:
        return _model_quality(columns, settings.attributes, earlier)
    described = statistics.describe(columns)
    found = (
        []
        if earlier is None
        else violations.find(columns, described, earlier, _read(settings.baseline_statistics))
    )
    return Documents(described, constraints.suggest(described, settings.categorical_drift_method), found)


def _model_quality(columns: Columns, attributes: Attributes, earlier: Mapping[str, Any] | None) -> Documents:
    # scikit-learn takes a second to import, and data quality has no use for it.
    from model_monitor_analyzer.model_quality import answers
    from model_monitor_analyzer.model_quality import constraints as limits
    from model_monitor_analyzer.model_quality import statistics as figures

    described = figures.describe(attributes.problem, answers.read_answers(columns, attributes))
    suggested = limits.suggest(attributes.problem, described)
    if earlier is None:
        return Documents(described, suggested, [])
    return Documents(
        described,
        suggested,
        list(limits.find_violations(attributes.problem, described, earlier)),
        limits.find_unchecked(attributes.problem, described, earlier),
    )


def _read(path: Path | None) -> Mapping[str, Any] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise JobFaultError(f"{path.name} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise JobFaultError(f"{path.name} holds no object")
    return found
