"""k-fold cross validation: one model per fold, the mean of their metrics, and what they predicted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import xgboost
from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold

Grow = Callable[[xgboost.DMatrix, list[tuple[xgboost.DMatrix, str]], int, dict[str, Any]], xgboost.Booster]


def cross_validate(
    matrix: xgboost.DMatrix, values: dict[str, Any], grow: Grow, predictions: Path
) -> list[xgboost.Booster]:
    """Train once per fold and round of it; every row is predicted once per round."""
    folds, rounds = values["_kfold"], values.get("_num_cv_round", 1)
    logging.info("Run %s-round of %s-fold cross validation with %s rows", rounds, folds, matrix.num_row())
    classes = bool(values.get("num_class")) or values.get("objective", "").startswith("binary:")
    kind = RepeatedStratifiedKFold if classes else RepeatedKFold
    # The same folds on every run, unlike SageMaker's own image: a trial should repeat.
    split = kind(n_splits=folds, n_repeats=rounds, random_state=values.get("seed", 0) % 2**32)
    models: list[xgboost.Booster] = []
    logs: list[dict[str, Any]] = []
    predicted: list[list[Any]] = [[] for _ in range(matrix.num_row())]
    for chosen, kept in split.split(numpy.arange(matrix.num_row()), matrix.get_label() if classes else None):
        logging.info("Train cross validation fold %s", len(models) % folds + 1)
        train, validation = matrix.slice(chosen), matrix.slice(kept)
        log: dict[str, Any] = {}
        models.append(grow(train, [(train, "train"), (validation, "validation")], len(models), log))
        logs.append(log)
        for row, value in zip(kept, models[-1].predict(validation), strict=True):
            predicted[row].append(value)
        if len(models) % folds == 0:
            logging.info("The metrics of round %s cross validation", len(models) // folds)
            print(_summary(values["num_round"], logs[-folds:]))
    if rounds > 1:
        logging.info("The overall metrics of %s-round cross validation", rounds)
        print(_summary(values["num_round"], logs))
    _write_predictions(predictions, matrix.get_label(), numpy.array(predicted), classes)
    return models


def _summary(num_round: int, logs: list[dict[str, Any]]) -> str:
    """A line like those of a training, with the mean of each metric's last value."""
    means = [
        f"{name}-{metric}:{numpy.mean([log[name][metric][-1] for log in logs]):.5f}"
        for metric in logs[0]["train"]
        for name in ("train", "validation")
    ]
    return "\t".join([f"[{num_round}]", *means])


def _write_predictions(path: Path, labels: numpy.ndarray, predicted: numpy.ndarray, classes: bool) -> None:
    """Label and mean prediction of each row; for classes also the class that most rounds said."""
    columns = [labels, predicted.mean(axis=1)]
    if classes:
        said = predicted.argmax(axis=2) if predicted.ndim > 2 else predicted
        said = said if predicted.ndim > 2 or predicted.max() > 1 else (predicted > 0.5).astype(int)
        columns.append([numpy.bincount(row.astype(int)).argmax() for row in said])
    path.parent.mkdir(parents=True, exist_ok=True)
    numpy.savetxt(path, numpy.column_stack(columns), delimiter=",", fmt="%f")
