"""The job's environment as values; reads no data."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model_monitor_analyzer.faults import JobFaultError

PROBLEMS = ("Regression", "BinaryClassification", "MulticlassClassification")


@dataclass(frozen=True)
class Attributes:
    """The columns of model quality, each by name or position; `threshold` turns scores to labels."""

    problem: str
    truth: str
    inference: str | None = None
    probability: str | None = None
    threshold: float = 0.5


@dataclass(frozen=True)
class Settings:
    """All that the job was told."""

    dataset: Path
    output: Path
    dataset_format: Mapping[str, Any]
    baseline_constraints: Path | None = None
    baseline_statistics: Path | None = None
    preprocessor: Path | None = None
    postprocessor: Path | None = None
    attributes: Attributes | None = None
    categorical_drift_method: str = "LInfinity"
    environment: Mapping[str, str] = field(default_factory=dict)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; what cannot be meant is a fault that names the variable."""
    return Settings(
        dataset=Path(_required(environment, "dataset_source")),
        output=Path(environment.get("output_path") or "/opt/ml/processing/output"),
        dataset_format=_dataset_format(_required(environment, "dataset_format")),
        baseline_constraints=_file(environment, "baseline_constraints"),
        baseline_statistics=_file(environment, "baseline_statistics"),
        preprocessor=_file(environment, "record_preprocessor_script"),
        postprocessor=_file(environment, "post_analytics_processor_script"),
        attributes=_attributes(environment),
        categorical_drift_method=environment.get("categorical_drift_method") or "LInfinity",
        environment=environment,
    )


def _attributes(environment: Mapping[str, str]) -> Attributes | None:
    analysis = environment.get("analysis_type") or "DATA_QUALITY"
    if analysis == "DATA_QUALITY":
        return None
    if analysis != "MODEL_QUALITY":
        raise JobFaultError(f"analysis_type {analysis} is not known; it is DATA_QUALITY or MODEL_QUALITY")
    problem = _required(environment, "problem_type")
    if problem not in PROBLEMS:
        raise JobFaultError(f"problem_type {problem} is not known; it is one of {', '.join(PROBLEMS)}")
    inference, probability = (
        environment.get(name) or None for name in ("inference_attribute", "probability_attribute")
    )
    if inference is None and (probability is None or problem != "BinaryClassification"):
        raise JobFaultError("inference_attribute is required")
    return Attributes(
        problem,
        _required(environment, "ground_truth_attribute"),
        inference,
        probability,
        _threshold(environment),
    )


def _threshold(environment: Mapping[str, str]) -> float:
    text = environment.get("probability_threshold_attribute") or "0.5"
    try:
        return float(text)
    except ValueError:
        raise JobFaultError(f"probability_threshold_attribute is no number: {text}") from None


def _required(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise JobFaultError(f"the environment variable {name} is required")
    return environment[name]


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    if not environment.get(name):
        return None
    path = Path(environment[name])
    if not path.is_file():
        raise JobFaultError(f"{name} names a file that is not there: {path}")
    return path


def _dataset_format(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise JobFaultError(f"dataset_format is not JSON: {error}") from None
    if not isinstance(found, dict) or len(found) != 1:
        raise JobFaultError(f"dataset_format must name one format: {text}")
    return found
