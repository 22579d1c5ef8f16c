"""What was true and what was predicted, as arrays for scikit-learn; rows without either are left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy

from model_monitor_analyzer.dataset import Columns
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.settings import Attributes


@dataclass(frozen=True)
class Answers:
    """One entry a row; `scores` are the probabilities of the positive label, where they are known."""

    truth: numpy.ndarray
    predicted: numpy.ndarray
    scores: numpy.ndarray | None = None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.truth)

    def sample(self, rows: numpy.ndarray) -> Answers:
        """Some of the rows."""
        scores = None if self.scores is None else self.scores[rows]
        return Answers(self.truth[rows], self.predicted[rows], scores)


def read_answers(columns: Columns, attributes: Attributes) -> Answers:
    """The answers; labels are text, 0 and 1 where there are two of them."""
    named = [attributes.truth, attributes.inference, attributes.probability]
    found = [_column(columns, name) if name is not None else None for name in named]
    rows = [
        row
        for row in range(len(next(iter(columns.values()))))
        if all(values is None or values[row] is not None for values in found)
    ]
    if not rows:
        raise JobFaultError("no row has both a label and a prediction")
    truth, inference, probability = (
        None if values is None else [str(values[row]) for row in rows] for values in found
    )
    if attributes.problem == "Regression":
        return Answers(_numbers(truth, attributes.truth), _numbers(inference, attributes.inference))
    if attributes.problem == "MulticlassClassification":
        return Answers(numpy.asarray(_labels(truth)), numpy.asarray(_labels(inference)))
    scores = _numbers(probability, attributes.probability) if probability is not None else None
    if inference is None:
        predicted = (scores >= attributes.threshold).astype(int)
        return Answers(_binary(truth, set(truth)), predicted, scores)
    known = {*_labels(truth), *_labels(inference)}
    return Answers(_binary(truth, known), _binary(inference, known), scores)


def _column(columns: Columns, name: str) -> list[str | None]:
    """By name, or by position as the text of a number."""
    if name in columns:
        return columns[name]
    if name.isdigit() and int(name) < len(columns):
        return list(columns.values())[int(name)]
    raise JobFaultError(f"the data has no column {name}; it has {', '.join(columns)}")


def _numbers(values: list[str] | None, name: str | None) -> numpy.ndarray:
    try:
        found = numpy.asarray([float(value) for value in values or ()])
    except ValueError as error:
        raise JobFaultError(f"column {name} holds what is no number: {error}") from None
    if not numpy.isfinite(found).all():
        raise JobFaultError(f"column {name} holds what is no number: NaN or infinity")
    return found


def _labels(values: list[str] | None) -> list[str]:
    """1.0 and 1 are one label: a model answers with floats where the data has whole numbers."""
    return [_label(value) for value in values or ()]


def _label(value: str) -> str:
    if value.lstrip("-").isdecimal():
        return value  # as a double it might become another one
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() else value


def _binary(values: list[str], known: set[str]) -> numpy.ndarray:
    """1 for the positive label: the greater of the two."""
    labels = sorted({_label(value) for value in known}, key=_rank)
    if len(labels) > 2 or (len(labels) == 1 and labels[0].lower() not in _ALONE):
        raise JobFaultError(f"a binary classification has two labels, and the data has {', '.join(labels)}")
    positive = labels[1] if len(labels) == 2 else {"1": "1", "true": labels[0]}.get(labels[0].lower())
    return numpy.asarray([int(_label(value) == positive) for value in values])


def _rank(label: str) -> tuple[float, str]:
    """Numbers by what they are worth, before all text."""
    try:
        return float(label), ""
    except ValueError:
        return math.inf, label


_ALONE = ("0", "1", "true", "false")
