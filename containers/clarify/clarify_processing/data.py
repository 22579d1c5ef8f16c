"""The data set as a table: label, features and the columns that tell groups apart, each by its name."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath
import pandas
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.files import data_files, data_lines

from clarify_processing.config import AnalysisConfig


@dataclass(frozen=True)
class Dataset:
    """`table` has every column; `features` are those that a model is asked with, in their order."""

    table: pandas.DataFrame
    label: str | None
    predicted_label: str | None
    group_variable: str | None
    features: list[str]


def read_dataset(folder: Path, config: AnalysisConfig) -> Dataset:
    """All files below the folder are one data set."""
    files = data_files(folder)
    if not files:
        raise JobFaultError(f"there is no data in {folder}")
    read = _csv if config.dataset_type == "text/csv" else _json_lines
    table = pandas.concat([read(path, config) for path in files], ignore_index=True)
    named = {
        key: column_of(table, config.raw.get(key)) for key in ("label", "predicted_label", "group_variable")
    }
    aside = [column_of(table, name) for name in config.raw.get("excluded_columns") or ()]
    aside += [
        named["label"],
        named["predicted_label"],
        column_of(table, config.raw.get("joinsource_name_or_index")),
    ]
    return Dataset(table, **named, features=[name for name in table.columns if name not in aside])


def column_of(table: pandas.DataFrame, name: str | int | None) -> str | None:
    """The column's name, given by name or position."""
    if name is None or name in table.columns:
        return name if name is None else str(name)
    if isinstance(name, int) and name < len(table.columns):
        return str(table.columns[name])
    if str(name).isdigit() and int(name) < len(table.columns):
        return str(table.columns[int(name)])
    raise JobFaultError(f"the data has no column {name}; it has {', '.join(map(str, table.columns))}")


def _csv(path: Path, config: AnalysisConfig) -> pandas.DataFrame:
    """Names come from the configuration, else from the first line, unless that holds numbers."""
    headers = config.raw.get("headers")
    try:
        first = _first_line(path)
        named = first == headers if headers else not any(_is_number(value) for value in first)
        with warnings.catch_warnings():
            # That a row has more fields than there are names.
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            # Types are told of the whole column: in parts 1 and "1" would be two groups of one table.
            table = pandas.read_csv(
                path,
                header=0 if named else None,
                index_col=False,
                skipinitialspace=True,
                low_memory=False,
            )
    except (ValueError, IndexError, pandas.errors.ParserWarning) as error:
        raise JobFaultError(f"{path.name} cannot be read as CSV: {error}") from None
    if headers and len(headers) != len(table.columns):
        raise JobFaultError(f"{path.name} has {len(table.columns)} columns, and headers has {len(headers)}")
    if headers and len(set(headers)) < len(headers):
        raise JobFaultError(f"headers has a name twice: {', '.join(headers)}")
    if headers or not named:
        table.columns = headers or [f"column_{number}" for number in range(len(table.columns))]
    return table


def _first_line(path: Path) -> list[str]:
    first = pandas.read_csv(path, header=None, nrows=1, dtype=str, keep_default_na=False)
    return [str(value).strip() for value in first.iloc[0]]


def _json_lines(path: Path, config: AnalysisConfig) -> pandas.DataFrame:
    """Each line's features and label, found by the configuration's JMESPath expressions."""
    raw, headers = config.raw, config.raw.get("headers")
    paths = [raw[key] for key in ("label", "predicted_label") if raw.get(key) is not None]
    rows = []
    for record in _records(path):
        if not raw.get("features"):
            rows.append(record)
            continue
        features = _listed(jmespath.search(str(raw["features"]), record))
        names = _feature_names(headers, paths, len(features))
        found = {str(each): jmespath.search(str(each), record) for each in paths}
        rows.append({**dict(zip(names, features, strict=True)), **found})
    return pandas.DataFrame(rows)


def _records(path: Path) -> list[Any]:
    try:
        return [json.loads(line) for line in data_lines(path)]
    except ValueError as error:
        raise JobFaultError(f"{path.name} cannot be read as JSON lines: {error}") from None


def _feature_names(headers: list[str] | None, paths: Iterable[Any], count: int) -> list[str]:
    """Headers name the features, and the label too where there is one name more."""
    given = [name for name in headers or () if name not in {str(path) for path in paths}]
    if given and len(given) < count:
        raise JobFaultError(f"a record has {count} features, and headers names {len(given)}")
    return given[:count] or [f"column_{number}" for number in range(count)]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _is_number(text: str) -> bool:
    """Whether it is one; a column may be named NaN."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
