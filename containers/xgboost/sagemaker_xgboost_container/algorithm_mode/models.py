"""The models in `/opt/ml/model`, one or the several of a cross-validation, as one that predicts."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xgboost

# Their predictions are classes, of which a mean means nothing.
_VOTING = ("multi:softmax", "binary:hinge")


@dataclass(frozen=True)
class Ensemble:
    """At least one booster."""

    boosters: tuple[xgboost.Booster, ...]

    def predict(self, matrix: xgboost.DMatrix) -> np.ndarray:
        """One booster's prediction; of several their mean, or what most of them say."""
        answers = np.array([_predict(booster, matrix) for booster in self.boosters])
        if len(answers) == 1:
            return answers[0]
        if _objective(self.boosters[0]) in _VOTING:
            return np.apply_along_axis(_most_frequent, 0, answers)
        return answers.mean(axis=0)


def load_models(model_dir: str) -> Ensemble:
    """Every file that is not hidden, the first alone where ensembles are not wanted."""
    there = sorted(Path(model_dir).iterdir())
    paths = [path for path in there if path.is_file() and not path.name.startswith(".")]
    if not paths:
        raise RuntimeError(f"Unable to load model: there is no file in {model_dir}")
    if os.environ.get("SAGEMAKER_INFERENCE_ENSEMBLE", "true") != "true":
        paths = paths[:1]
    return Ensemble(tuple(_load(path) for path in paths))


def _load(path: Path) -> xgboost.Booster:
    """Older images wrote pickles, newer ones XGBoost's own form."""
    try:
        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301  # the model of whoever started the container
    except Exception:  # noqa: BLE001  # then it is no pickle
        booster = xgboost.Booster()
        try:
            booster.load_model(str(path))
        except xgboost.core.XGBoostError as failure:
            raise RuntimeError(f"Unable to load model: {failure}") from failure
        return booster


def _predict(booster: xgboost.Booster, matrix: xgboost.DMatrix) -> np.ndarray:
    best = booster.attr("best_iteration")
    rounds = (0, int(best) + 1) if best is not None else (0, 0)
    return booster.predict(matrix, validate_features=False, iteration_range=rounds)


def _most_frequent(votes: np.ndarray) -> float:
    return float(np.bincount(votes.astype(int)).argmax())


def _objective(booster: xgboost.Booster) -> str:
    config = json.loads(booster.save_config())
    return str(config["learner"]["objective"]["name"])
