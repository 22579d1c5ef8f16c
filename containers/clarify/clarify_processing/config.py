"""`analysis_config.json` as values; what is not done here is said at once, and not found out later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_monitor_analyzer.faults import JobFaultError

FILE = "analysis_config.json"
DATASET_TYPES = ("text/csv", "application/jsonlines")
_METHODS = ("pre_training_bias", "post_training_bias", "shap", "report")
_NOT_HERE = ("time_series_data_config", "segment_config", "facet_dataset_uri", "predicted_label_dataset_uri")
_NOT_IN_SHAP = ("text_config", "image_config", "features_to_explain")


@dataclass(frozen=True)
class Facet:
    """A column that tells groups of people apart, and the values of the group that is looked at."""

    name: str | int
    values: list[Any] | None = None


@dataclass(frozen=True)
class AnalysisConfig:
    """What is to be computed of which columns."""

    raw: Mapping[str, Any]
    facets: tuple[Facet, ...]

    @property
    def dataset_type(self) -> str:
        """One of `DATASET_TYPES`."""
        return str(self.raw["dataset_type"]).lower()

    @property
    def methods(self) -> Mapping[str, Any]:
        """By name, each with its own options."""
        return self.raw["methods"]

    @property
    def predictor(self) -> Mapping[str, Any]:
        """How a model is asked and its answer read; empty where there is none."""
        return self.raw.get("predictor") or {}

    @property
    def threshold(self) -> float | None:
        """From which probability on the label is 1; None where nothing was said."""
        given = self.raw.get("probability_threshold")
        return None if given is None else float(given)

    @property
    def needs_model(self) -> bool:
        """Whether predictions have to be made: those in the data are enough for bias."""
        told = self.raw.get("predicted_label") is not None
        return "shap" in self.methods or ("post_training_bias" in self.methods and not told)

    def metrics(self, method: str) -> list[str]:
        """The names of the metrics of a bias method."""
        wanted = (self.methods[method] or {}).get("methods", "all")
        return [wanted] if isinstance(wanted, str) else list(wanted)


def read_config(folder: Path) -> AnalysisConfig:
    """The configuration; the service's own words for one that is no JSON, or not of its schema."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobFaultError(f"Unable to load analysis configuration as JSON. {error}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("methods"), dict) or "dataset_type" not in raw:
        raise _invalid("dataset_type and methods are required")
    _refuse(raw)
    facets = raw.get("facet") or []
    if not isinstance(facets, list) or not all(
        isinstance(one, dict) and "name_or_index" in one for one in facets
    ):
        raise _invalid("each facet has a name_or_index")
    config = AnalysisConfig(
        raw, tuple(Facet(one["name_or_index"], one.get("value_or_threshold")) for one in facets)
    )
    if _asks_for_bias(config) and not (facets and raw.get("label_values_or_threshold")):
        raise _invalid("bias needs a facet and label_values_or_threshold")
    return config


def _asks_for_bias(config: AnalysisConfig) -> bool:
    return "pre_training_bias" in config.methods or "post_training_bias" in config.methods


def _refuse(raw: Mapping[str, Any]) -> None:
    kind = str(raw["dataset_type"]).lower()
    impossible = [f"dataset_type {kind}"] if kind not in DATASET_TYPES else []
    impossible += [f"methods.{name}" for name in raw["methods"] if name not in _METHODS]
    impossible += [name for name in _NOT_HERE if raw.get(name) is not None]
    impossible += [
        f"methods.shap.{name}" for name in _NOT_IN_SHAP if (raw["methods"].get("shap") or {}).get(name)
    ]
    if impossible:
        raise JobFaultError(f"not supported here: {', '.join(impossible)}")


def _invalid(what: str) -> JobFaultError:
    return JobFaultError(f"Analysis configuration schema validation error. {what}")
