"""The metrics that XGBoost does not have, or that this image computes its own way: from raw margins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy
import xgboost
from sklearn import metrics

from sagemaker_xgboost_container.algorithm_mode.metric_names import COMPUTED_HERE

Score = Callable[[numpy.ndarray, numpy.ndarray], float]
Feval = Callable[[numpy.ndarray, xgboost.DMatrix], list[tuple[str, float]]]


def classes_of(margins: numpy.ndarray) -> numpy.ndarray:
    """The class with the largest margin; of two, the second where its margin is positive."""
    return margins.argmax(axis=1) if margins.ndim > 1 else (margins > 0).astype(int)


def _of_classes(score: Callable[..., float], **options: str) -> Score:
    return lambda labels, margins: score(labels, classes_of(margins), **options)


def _root(labels: numpy.ndarray, predicted: numpy.ndarray) -> float:
    return float(numpy.sqrt(metrics.mean_squared_error(labels, predicted)))


SCORES: dict[str, Score] = {
    "accuracy": _of_classes(metrics.accuracy_score),
    "balanced_accuracy": _of_classes(metrics.balanced_accuracy_score),
    "f1": _of_classes(metrics.f1_score, average="macro"),
    "f1_binary": _of_classes(metrics.f1_score, average="binary"),
    "f1_macro": _of_classes(metrics.f1_score, average="macro"),
    "mae": metrics.mean_absolute_error,
    "mse": metrics.mean_squared_error,
    "precision": _of_classes(metrics.precision_score, average="binary"),
    "precision_macro": _of_classes(metrics.precision_score, average="macro"),
    "precision_micro": _of_classes(metrics.precision_score, average="micro"),
    "r2": metrics.r2_score,
    "recall": _of_classes(metrics.recall_score, average="binary"),
    "recall_macro": _of_classes(metrics.recall_score, average="macro"),
    "recall_micro": _of_classes(metrics.recall_score, average="micro"),
    "rmse": _root,
}


def choose_metrics(tuned: str | None, asked: Sequence[str] | None) -> tuple[list[str], Feval | None]:
    """What XGBoost evaluates by itself, and a function for the rest."""
    wanted = list(asked or ())
    if tuned:
        wanted = sorted({*wanted, tuned})
    ours = sorted(COMPUTED_HERE.intersection(wanted))
    return [name for name in wanted if name not in COMPUTED_HERE], _feval(ours) if ours else None


def _feval(names: Sequence[str]) -> Feval:
    def evaluate(margins: numpy.ndarray, matrix: xgboost.DMatrix) -> list[tuple[str, float]]:
        labels = matrix.get_label()
        return [(name, float(SCORES[name](labels, margins))) for name in names]

    return evaluate
