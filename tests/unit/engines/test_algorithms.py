"""A job of a known algorithm that defines no metrics has those that the service knows."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from seatrial.engines.algorithms import metrics_of
from seatrial.engines.job import Metric
from seatrial.engines.metrics import final_values
from seatrial.engines.native.without_effect import list_without_effect
from seatrial.engines.training import read_training_job
from tests.unit.engines.native.requests import job_request, training_parameters

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost"
LINE = "[{}]\ttrain-auc:{}\ttrain-f1:0.5\tvalidation-auc:{}\tvalidation-f1:1e-05\n"


@pytest.mark.parametrize("tag", [":1.7-1", ":1.0-1-cpu-py3", "@sha256:0a", ""])
def test_xgboosts_metrics_are_known_by_its_name_in_any_registry_and_version(tag: str) -> None:
    lines = [LINE.format(0, 0.7, 0.6), LINE.format(1, 0.9, 0.8), "[2] train-auc:1.0\n"]
    assert final_values(lines, metrics_of(XGBOOST + tag)) == {
        "train:auc": 0.9,
        "train:f1": 0.5,
        "validation:auc": 0.8,
        "validation:f1": 1e-05,
    }


def test_other_images_have_no_metrics_of_their_own() -> None:
    assert metrics_of("123456789012.dkr.ecr.us-east-1.amazonaws.com/my-sagemaker-xgboost:1") == ()


def test_the_jobs_own_definitions_stand_alone(tmp_path: Path) -> None:
    def metrics_in(**algorithm: object) -> tuple[Metric, ...]:
        specification = {"TrainingImage": XGBOOST, "TrainingInputMode": "File", **algorithm}
        parameters = training_parameters(AlgorithmSpecification=specification)
        return read_training_job(job_request(tmp_path, "Training", parameters)).metrics

    own = [{"Name": "mine", "Regex": "m=(.*)"}]
    assert metrics_in(MetricDefinitions=own) == (Metric("mine", "m=(.*)"),)
    assert metrics_in() == metrics_of(XGBOOST) != ()


def test_a_long_log_is_searched_in_a_moment() -> None:
    lines = [LINE.format(number, 0.9, 0.8) for number in range(1000)] + ["[" * 10_000 + "\n"]
    started = time.monotonic()
    final_values(lines, metrics_of(XGBOOST))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("name", "value"),
    [("tree_method", "gpu_hist"), ("predictor", "gpu_predictor"), ("use_dask_gpu_training", "true")],
)
def test_a_setting_for_a_gpu_is_told_to_run_on_the_cpu(name: str, value: str) -> None:
    found = list_without_effect("Training", {"HyperParameters": {name: value, "num_round": "1"}})
    assert found == [
        f"/HyperParameters/{name}: {value}; no container here has a GPU, so XGBoost runs on the CPU"
    ]
    assert list_without_effect("Training", {"HyperParameters": {name: f'"{value}"'}}) == []
