"""The plain numbers of each kind of problem, by the names of the service's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy
from sklearn import metrics

from model_monitor_analyzer.model_quality.answers import Answers

Figure = Callable[[Answers], float]
_NONE = {"zero_division": 0.0}


def _positive(function: Callable[..., float], **options: float) -> Figure:
    return lambda answers: float(function(answers.truth, answers.predicted, **_NONE, **options))


def _weighted(function: Callable[..., float], **options: float) -> Figure:
    return lambda answers: float(
        function(answers.truth, answers.predicted, average="weighted", **_NONE, **options)
    )


def _accuracy(answers: Answers) -> float:
    return float(metrics.accuracy_score(answers.truth, answers.predicted))


def _rate(among: int, predicted: int) -> Figure:
    """The share of predictions of one label among those rows that have a label."""

    def share(answers: Answers) -> float:
        chosen = answers.predicted[answers.truth == among]
        return float((chosen == predicted).mean()) if len(chosen) else 0.0

    return share


def _auc(answers: Answers) -> float:
    if answers.scores is None or len(numpy.unique(answers.truth)) < 2:
        return float("nan")
    return float(metrics.roc_auc_score(answers.truth, answers.scores))


REGRESSION: Mapping[str, Figure] = {
    "mae": lambda answers: float(metrics.mean_absolute_error(answers.truth, answers.predicted)),
    "mse": lambda answers: float(metrics.mean_squared_error(answers.truth, answers.predicted)),
    "rmse": lambda answers: float(metrics.mean_squared_error(answers.truth, answers.predicted) ** 0.5),
    "r2": lambda answers: (
        float(metrics.r2_score(answers.truth, answers.predicted)) if answers.count > 1 else float("nan")
    ),
}
BINARY: Mapping[str, Figure] = {
    "recall": _positive(metrics.recall_score),
    "precision": _positive(metrics.precision_score),
    "accuracy": _accuracy,
    "f0_5": _positive(metrics.fbeta_score, beta=0.5),
    "f1": _positive(metrics.fbeta_score, beta=1.0),
    "f2": _positive(metrics.fbeta_score, beta=2.0),
    "true_positive_rate": _rate(1, 1),
    "true_negative_rate": _rate(0, 0),
    "false_positive_rate": _rate(0, 1),
    "false_negative_rate": _rate(1, 0),
    "auc": _auc,
}
MULTICLASS: Mapping[str, Figure] = {
    "accuracy": _accuracy,
    "weighted_recall": _weighted(metrics.recall_score),
    "weighted_precision": _weighted(metrics.precision_score),
    "weighted_f0_5": _weighted(metrics.fbeta_score, beta=0.5),
    "weighted_f1": _weighted(metrics.fbeta_score, beta=1.0),
    "weighted_f2": _weighted(metrics.fbeta_score, beta=2.0),
}
# Those of which the best that a constant answer reaches is told as well.
BESIDE_A_CONSTANT: frozenset[str] = frozenset(
    {"recall", "precision", "accuracy", "f0_5", "f1", "f2"} | MULTICLASS.keys()
)
