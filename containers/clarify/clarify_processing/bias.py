"""The bias of labels, given or predicted, between groups; smclarify computes every metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas
from model_monitor_analyzer.faults import JobFaultError
from smclarify.bias import report

from clarify_processing.config import AnalysisConfig, Facet
from clarify_processing.data import Dataset, column_of

PRE, POST = "pre_training_bias", "post_training_bias"
_STAGES = {PRE: report.StageType.PRE_TRAINING, POST: report.StageType.POST_TRAINING}


def describe(
    method: str, dataset: Dataset, config: AnalysisConfig, predicted: Sequence[Any] | None = None
) -> dict[str, Any]:
    """The `…_bias_metrics` of an analysis: by facet, by the group that is looked at."""
    if dataset.label is None:
        raise JobFaultError("bias needs a label")
    values = list(config.raw["label_values_or_threshold"])
    label = report.LabelColumn(dataset.label, _two_sided(dataset.table[dataset.label]), values)
    try:
        facets = {
            str(column_of(dataset.table, facet.name)): _of_facet(
                method, facet, dataset, config, label, predicted
            )
            for facet in config.facets
        }
        shown = report.label_value_or_threshold(label.series, values)
    except (ValueError, RuntimeError, KeyError) as error:
        raise JobFaultError(f"{method}: {error}") from None
    return {"label": dataset.label, "facets": facets, "label_value_or_threshold": shown}


def _of_facet(
    method: str,
    facet: Facet,
    dataset: Dataset,
    config: AnalysisConfig,
    label: report.LabelColumn,
    predicted: Sequence[Any] | None,
) -> list[dict[str, Any]]:
    table, group = dataset.table, dataset.group_variable
    name = str(column_of(table, facet.name))
    aside = [column for column in (dataset.predicted_label, group) if column and column != name]
    answers = None
    if method == POST:
        given = (
            dataset.table[dataset.predicted_label] if dataset.predicted_label else pandas.Series(predicted)
        )
        answers = report.LabelColumn(dataset.predicted_label or "predicted", _like(given, label.series))
    found: list[dict[str, Any]] = report.bias_report(
        table.drop(columns=aside),
        report.FacetColumn(name, facet.values),
        label,
        _STAGES[method],
        answers,
        metrics=config.metrics(method),
        group_variable=table[group] if group else None,
    )
    return found


def _two_sided(label: pandas.Series) -> pandas.Series:
    """Labels of two values are categories; smclarify would take those of few rows for a measure."""
    return label.astype("category") if label.nunique() <= 2 else label


def _like(predicted: pandas.Series, label: pandas.Series) -> pandas.Series:
    """A model answers 1.0 or "1" where the data has 1: the label's type decides."""
    categories = isinstance(label.dtype, pandas.CategoricalDtype)
    plain = label.cat.categories.dtype if categories else label.dtype
    numeric = pandas.api.types.is_numeric_dtype(plain)
    if numeric:
        told = pandas.to_numeric(predicted)
        found = told.astype(plain)
        if (found != told).any():
            raise JobFaultError(f"{told[found != told].iloc[0]} is no label like those of the data")
    else:
        found = predicted.astype(str)
    return found.astype("category") if categories else found
