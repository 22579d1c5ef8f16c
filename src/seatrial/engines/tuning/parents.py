"""What a warm start takes from earlier tuning jobs: the values that they tried and what those came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seatrial.engines.tuning.request import Candidate

_FINAL = "FinalHyperParameterTuningJobObjectiveMetric"
_IDENTICAL = "IdenticalDataAndAlgorithm"


@dataclass(frozen=True)
class Earlier:
    """A training job of an earlier tuning job."""

    values: Mapping[str, str]
    value: float


def named_parents(parameters: Mapping[str, Any]) -> list[str]:
    """The tuning jobs that the request names."""
    parents = (parameters.get("WarmStartConfig") or {}).get("ParentHyperParameterTuningJobs") or []
    return [str(parent["HyperParameterTuningJobName"]) for parent in parents]


def earlier_of(parents: Sequence[Mapping[str, Any]], candidate: Candidate) -> Iterator[Earlier]:
    """The parents' training jobs that say something about this search: its metric, within its ranges."""
    for parent in parents:
        for summary in parent.get("TrainingJobSummaries") or []:
            metric = summary.get(_FINAL)
            values = summary.get("TunedHyperParameters") or {}
            if (
                metric
                and metric["MetricName"] == candidate.objective.metric.name
                and _fits(values, candidate)
            ):
                yield Earlier(values, float(metric["Value"]))


def overall_best(
    parameters: Mapping[str, Any], parents: Sequence[Mapping[str, Any]], own: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """The best of this tuning job and its parents, told where data and algorithm are the same."""
    config = parameters.get("WarmStartConfig") or {}
    if config.get("WarmStartType") != _IDENTICAL:
        return None
    found = [each for each in (own, *(parent.get("BestTrainingJob") for parent in parents)) if each]
    return min(found, key=_badness) if found else None


def _fits(values: Mapping[str, str], candidate: Candidate) -> bool:
    return all(
        item.name in values and item.position_of(values[item.name]) is not None for item in candidate.ranges
    )


def _badness(summary: Mapping[str, Any]) -> float:
    metric = summary[_FINAL]
    return -float(metric["Value"]) if metric["Type"] == "Maximize" else float(metric["Value"])
