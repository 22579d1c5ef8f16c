"""How much each feature adds to a model's score: KernelSHAP, by shap, over the records of the data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
import pandas
import shap
from model_monitor_analyzer.faults import JobFaultError

from clarify_processing.data import Dataset
from clarify_processing.predictor import Predictor, plain

_AGGREGATIONS: Mapping[str, Callable[[numpy.ndarray], numpy.ndarray]] = {
    "mean_abs": lambda values: numpy.abs(values).mean(axis=0),
    "mean_sq": lambda values: (values**2).mean(axis=0),
    "median": lambda values: numpy.median(values, axis=0),
}


@dataclass(frozen=True)
class Explanations:
    """`document` for the analysis, `local` with a row for each record, `baseline` as it was used."""

    document: dict[str, Any]
    local: pandas.DataFrame
    baseline: pandas.DataFrame


@dataclass(frozen=True)
class Codes:
    """Columns of text as numbers, which shap needs, and back."""

    values: Mapping[int, list[Any]]

    def encode(self, table: pandas.DataFrame) -> numpy.ndarray:
        """Every value as a number."""
        columns = [
            _numbered(table[name], self.values[at]) if at in self.values else table[name]
            for at, name in enumerate(table.columns)
        ]
        return numpy.column_stack([numpy.asarray(column, dtype=float) for column in columns])

    def decode(self, rows: numpy.ndarray) -> list[list[Any]]:
        """The records as the model knows them."""
        return [
            [
                self.values[at][int(value)] if at in self.values else plain(value)
                for at, value in enumerate(row)
            ]
            for row in rows
        ]


def explain(
    dataset: Dataset, options: Mapping[str, Any], predictor: Predictor, baseline: Any
) -> Explanations:
    """Every record's values, and what they come to over all of them."""
    table = dataset.table[dataset.features]
    background = _baseline(table, baseline)
    codes = _codes(pandas.concat([table, background]))
    numpy.random.seed(int(options.get("seed") or 0))  # shap draws from this generator
    encoded = _clustered(codes.encode(background), options) if baseline is None else codes.encode(background)
    explainer = shap.KernelExplainer(
        lambda rows: predictor.scores(codes.decode(rows)),
        encoded,
        link="logit" if options.get("use_logit") else "identity",
    )
    values = numpy.asarray(
        explainer.shap_values(
            codes.encode(table), nsamples=options.get("num_samples") or "auto", silent=True, l1_reg=0
        )
    )
    if values.ndim == 2:
        values = values[:, :, None]
    labels = _labels(predictor, values.shape[2])
    aggregate = _AGGREGATIONS[str(options.get("agg_method") or "mean_abs")]
    expected = numpy.atleast_1d(explainer.expected_value)
    document = {
        label: {
            "global_shap_values": dict(
                zip(dataset.features, map(float, aggregate(values[:, :, at])), strict=True)
            ),
            "expected_value": float(expected[at]),
        }
        for at, label in enumerate(labels)
    }
    local = {
        f"{name}_{label}": values[:, column, at]
        for at, label in enumerate(labels)
        for column, name in enumerate(dataset.features)
    }
    used = pandas.DataFrame(codes.decode(numpy.atleast_2d(encoded)), columns=dataset.features)
    return Explanations({"kernel_shap": document}, pandas.DataFrame(local), used)


def _baseline(table: pandas.DataFrame, given: Any) -> pandas.DataFrame:
    if given is None:
        return table
    rows = [list(row.values()) if isinstance(row, dict) else row for row in given]
    if len(rows) and len(rows[0]) == 1 and isinstance(rows[0][0], list):
        rows = [row[0] for row in rows]  # JSON lines: {"features": […]}
    if not rows or any(len(row) != len(table.columns) for row in rows):
        raise JobFaultError(f"a row of the SHAP baseline has the {len(table.columns)} features of the data")
    return pandas.DataFrame(rows, columns=table.columns)


def _clustered(encoded: numpy.ndarray, options: Mapping[str, Any]) -> numpy.ndarray:
    """Without a baseline, the middles of so many clusters of the data; values that are in the data."""
    summary = shap.kmeans(encoded, int(options.get("num_clusters") or 1), round_values=True)
    return numpy.asarray(summary.data)


def _codes(table: pandas.DataFrame) -> Codes:
    return Codes(
        {
            at: sorted(table[name].where(table[name].notna(), None).unique(), key=str)
            for at, name in enumerate(table.columns)
            if not pandas.api.types.is_numeric_dtype(table[name])
        }
    )


def _numbered(column: pandas.Series, known: list[Any]) -> list[int]:
    places = {value: place for place, value in enumerate(known)}
    return [places[value] for value in column.where(column.notna(), None)]


def _labels(predictor: Predictor, count: int) -> list[str]:
    headers = predictor.config.get("label_headers")
    named = isinstance(headers, list) and len(headers) == count
    return [str(name) for name in headers] if named else [f"label{number}" for number in range(count)]
