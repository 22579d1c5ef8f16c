"""The data set as a table: label, features and the columns that tell groups apart, each by its name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath
import pandas

from clarify_processing.config import AnalysisConfig
from clarify_processing.faults import JobFaultError


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
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
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
        first = [str(value) for value in pandas.read_csv(path, header=None, nrows=1, dtype=str).iloc[0]]
        named = first == headers if headers else not any(_is_number(value) for value in first)
        table = pandas.read_csv(path, header=0 if named else None, skipinitialspace=True)
    except (ValueError, IndexError) as error:
        raise JobFaultError(f"{path.name} cannot be read as CSV: {error}") from None
    if headers and len(headers) != len(table.columns):
        raise JobFaultError(f"{path.name} has {len(table.columns)} columns, and headers has {len(headers)}")
    if headers or not named:
        table.columns = headers or [f"column_{number}" for number in range(len(table.columns))]
    return table


def _json_lines(path: Path, config: AnalysisConfig) -> pandas.DataFrame:
    """Each line's features and label, found by the configuration's JMESPath expressions."""
    raw, headers = config.raw, config.raw.get("headers")
    paths = [raw[key] for key in ("label", "predicted_label") if raw.get(key) is not None]
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        record = json.loads(line)
        if not raw.get("features"):
            rows.append(record)
            continue
        features = _listed(jmespath.search(str(raw["features"]), record))
        names = _feature_names(headers, paths, len(features))
        found = {str(each): jmespath.search(str(each), record) for each in paths}
        rows.append({**dict(zip(names, features, strict=True)), **found})
    return pandas.DataFrame(rows)


def _feature_names(headers: list[str] | None, paths: Iterable[Any], count: int) -> list[str]:
    """Headers name the features, and the label too where there is one name more."""
    given = [name for name in headers or () if name not in {str(path) for path in paths}]
    if given and len(given) < count:
        raise JobFaultError(f"a record has {count} features, and headers names {len(given)}")
    return given[:count] or [f"column_{number}" for number in range(count)]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
