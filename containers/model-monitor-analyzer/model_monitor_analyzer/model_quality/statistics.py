"""`statistics.json` of a model's predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy
from sklearn import metrics

from model_monitor_analyzer.model_quality import figures
from model_monitor_analyzer.model_quality.answers import Answers

VERSION = 0.0
SECTIONS = {
    "Regression": "regression",
    "BinaryClassification": "binary_classification",
    "MulticlassClassification": "multiclass_classification",
}
FIGURES: Mapping[str, Mapping[str, figures.Figure]] = {
    "Regression": figures.REGRESSION,
    "BinaryClassification": figures.BINARY,
    "MulticlassClassification": figures.MULTICLASS,
}
# A deviation is told of data of this size: that of five samples of four fifths of the rows.
_ENOUGH, _SAMPLES, _SHARE = 200, 5, 0.8
_SEED = 0


def describe(problem: str, answers: Answers) -> dict[str, Any]:
    """The whole document."""
    return {
        "version": VERSION,
        "dataset": {"item_count": answers.count},
        f"{SECTIONS[problem]}_metrics": {
            **({} if problem == "Regression" else {"confusion_matrix": _confusion(answers)}),
            **_figures(problem, answers),
            **(_curves(answers) if problem == "BinaryClassification" else {}),
        },
    }


def _figures(problem: str, answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, figure in FIGURES[problem].items():
        value = _with_deviation(answers, figure)
        if value["value"] == value["value"]:  # what cannot be computed of this data is left out
            found[name] = value
    for name in (name for name in FIGURES[problem] if name in figures.BESIDE_A_CONSTANT):
        constant = _best_constant(answers, FIGURES[problem][name])
        found[f"{name}_best_constant_classifier"] = _with_deviation(constant, FIGURES[problem][name])
    return found


def _with_deviation(answers: Answers, figure: figures.Figure) -> dict[str, Any]:
    return {"value": figure(answers), "standard_deviation": _deviation(answers, figure)}


def _deviation(answers: Answers, figure: figures.Figure) -> float | str:
    if answers.count < _ENOUGH:
        return "NaN"
    chooser = numpy.random.default_rng(_SEED)
    size = int(answers.count * _SHARE)
    values = [
        figure(answers.sample(chooser.choice(answers.count, size, replace=False))) for _ in range(_SAMPLES)
    ]
    found = float(numpy.std(values))
    return found if found == found else "NaN"


def _best_constant(answers: Answers, figure: figures.Figure) -> Answers:
    """The answers of whoever always says the same, the label that the figure likes best."""
    constants = [
        Answers(answers.truth, numpy.full(answers.count, label)) for label in numpy.unique(answers.truth)
    ]
    return max(constants, key=figure)


def _confusion(answers: Answers) -> dict[str, dict[str, int]]:
    """Row by row what was true, column by column what was predicted."""
    labels = numpy.union1d(answers.truth, answers.predicted)
    matrix = metrics.confusion_matrix(answers.truth, answers.predicted, labels=labels)
    return {
        str(actual): {str(predicted): int(matrix[row][column]) for column, predicted in enumerate(labels)}
        for row, actual in enumerate(labels)
    }


def _curves(answers: Answers) -> dict[str, Any]:
    if answers.scores is None or len(numpy.unique(answers.truth)) < 2:
        return {}
    false_rates, true_rates, _ = metrics.roc_curve(answers.truth, answers.scores)
    precisions, recalls, _ = metrics.precision_recall_curve(answers.truth, answers.scores)
    return {
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": [float(rate) for rate in false_rates],
            "true_positive_rates": [float(rate) for rate in true_rates],
        },
        "precision_recall_curve": {
            "precisions": [float(value) for value in precisions],
            "recalls": [float(value) for value in recalls],
        },
    }
