"""What the service itself knows of the algorithms it offers as images; knows none of the images here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.job import Metric

_XGBOOST_METRICS = (
    "accuracy",
    "aft-nloglik",
    "auc",
    "aucpr",
    "balanced_accuracy",
    "cox-nloglik",
    "error",
    "f1",
    "f1_binary",
    "f1_macro",
    "gamma-deviance",
    "gamma-nloglik",
    "interval-regression-accuracy",
    "logloss",
    "mae",
    "map",
    "mape",
    "merror",
    "mlogloss",
    "mphe",
    "mse",
    "ndcg",
    "poisson-nloglik",
    "precision",
    "precision_macro",
    "precision_micro",
    "r2",
    "recall",
    "recall_macro",
    "recall_micro",
    "rmse",
    "rmsle",
    "tweedie-nloglik",
)


def _of_xgboost(channel: str, metric: str) -> Metric:
    # The image's own begins with `.*`, which finds the same and takes the square of a line's length, and its
    # group is `\S+`, which takes the next metric along where a tab is `#011`.
    number = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
    return Metric(f"{channel}:{metric}", rf"\[[0-9]+\].*#011{channel}-{metric}:{number}")


ALGORITHM_METRICS: Mapping[str, tuple[Metric, ...]] = {
    "sagemaker-xgboost": tuple(
        _of_xgboost(channel, metric) for channel in ("train", "validation") for metric in _XGBOOST_METRICS
    )
}
"""The metrics of each algorithm's log, by the name of its repository, whatever registry that is in."""


def searched_metrics(algorithm: Mapping[str, Any]) -> tuple[Metric, ...]:
    """What is searched for in the log of a job with this `AlgorithmSpecification`."""
    defined = tuple(Metric(item["Name"], item["Regex"]) for item in algorithm.get("MetricDefinitions") or [])
    return defined or metrics_of(str(algorithm.get("TrainingImage", "")))


def metrics_of(image_uri: str) -> tuple[Metric, ...]:
    """What is searched for in the log of a job that defines no metrics of its own."""
    name = image_uri.rpartition("/")[2].partition("@")[0].partition(":")[0]
    return ALGORITHM_METRICS.get(name, ())
