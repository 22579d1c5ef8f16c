"""A warm start: what earlier tuning jobs found is taken into account, as far as it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.tuning.parents import Earlier, earlier_of
from seatrial.engines.tuning.request import read_tuning
from seatrial.ports.jobs import JobResult
from tests.unit.engines.tuning.bench import (
    Bench,
    config,
    definition,
    tuning_parameters,
    tuning_request,
)


def summary(value: float, metric: str = "score", **tuned: str) -> dict[str, Any]:
    """A training job of a parent."""
    final = {"Type": "Maximize", "MetricName": metric, "Value": value}
    return {"TunedHyperParameters": tuned, "FinalHyperParameterTuningJobObjectiveMetric": final}


def parent(*summaries: dict[str, Any]) -> dict[str, Any]:
    """The properties of an earlier tuning job."""
    return {
        "HyperParameterTuningJobName": "parent",
        "BestTrainingJob": {**summaries[0], "TrainingJobName": "parent-001"},
        "TrainingJobSummaries": list(summaries),
    }


def warm(kind: str = "IdenticalDataAndAlgorithm", *names: str) -> dict[str, Any]:
    """WarmStartConfig."""
    parents = [{"HyperParameterTuningJobName": name} for name in names or ("parent",)]
    return {"WarmStartType": kind, "ParentHyperParameterTuningJobs": parents}


def _tune(folder: Path, search: Mapping[str, Any], start: Mapping[str, Any], *parents: Any) -> JobResult:
    bench = Bench(folder)
    parameters = tuning_parameters(search, WarmStartConfig=start)
    return bench.engine.run(
        replace(tuning_request(bench.folder, parameters), parents=parents), bench.progress
    )


def test_only_what_fits_the_search_counts() -> None:
    (candidate,) = read_tuning(tuning_parameters()).candidates
    given = [
        summary(0.5, rate="0.25"),
        summary(0.6, rate="7"),
        summary(0.7, depth="3"),
        summary(0.8, "loss", rate="0.5"),
        {"TunedHyperParameters": {"rate": "0.1"}, "ObjectiveStatus": "Failed"},
    ]
    assert list(earlier_of([parent(*given)], candidate)) == [Earlier({"rate": "0.25"}, 0.5)]


def test_a_bayesian_search_begins_where_its_parents_ended(tmp_path: Path) -> None:
    found = [summary(number / 40, rate=str(number / 40)) for number in range(40)]
    values = []
    for name, parents in (("cold", ()), ("warm", (parent(*found),))):
        described = _tune(tmp_path / name, config("Bayesian", jobs=3), warm(), *parents).describe
        summaries = described["TrainingJobSummaries"]
        values.append([float(each["TunedHyperParameters"]["rate"]) for each in summaries])
    cold, warmed = values
    assert min(warmed) > 0.8
    assert min(cold) < 0.8


@pytest.mark.parametrize(("strategy", "count"), [("Random", 0), ("Bayesian", 1)])
def test_the_log_tells_what_is_known_and_what_is_not(tmp_path: Path, strategy: str, count: int) -> None:
    start = warm("TransferLearning", "parent", "stranger")
    result = _tune(tmp_path, config(strategy), start, parent(summary(0.5, rate="0.25")))
    assert result.log_tail[1:3] == (
        "stranger was not run here, so nothing is known of it",
        f"{count} training jobs of parent are taken into account",
    )
    assert "OverallBestTrainingJob" not in result.describe


@pytest.mark.parametrize(("value", "best"), [(7.0, "parent-001"), (0.0, "tuning-")])
def test_the_best_of_all_is_told_where_data_and_algorithm_are_the_same(
    tmp_path: Path, value: float, best: str
) -> None:
    described = _tune(tmp_path, config(), warm(), parent(summary(value, rate="0.5"))).describe
    assert described["OverallBestTrainingJob"]["TrainingJobName"].startswith(best)
    assert described["BestTrainingJob"]["TrainingJobName"].startswith("tuning-")


def test_a_category_of_a_parent_is_known_again(tmp_path: Path) -> None:
    ranges = {"CategoricalParameterRanges": [{"Name": "rate", "Values": ["0.1", "0.9"]}]}
    found = [summary(float(rate), rate=rate) for rate in ("0.1", "0.9", "0.5")]
    result = _tune(tmp_path, config("Bayesian", ParameterRanges=ranges), warm(), parent(*found))
    assert "2 training jobs of parent are taken into account" in result.log_tail


def test_a_warm_start_is_told_of_before_the_run(tmp_path: Path) -> None:
    parameters = tuning_parameters(config(), definition(), WarmStartConfig=warm())
    (line,) = Bench(tmp_path).engine.without_effect("Tuning", parameters)
    assert line.startswith("/WarmStartConfig/ParentHyperParameterTuningJobs: what parents found")
