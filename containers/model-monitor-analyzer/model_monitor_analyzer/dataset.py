"""The data as columns of text: however it is stored, a value is its text and a missing one is None."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas

from model_monitor_analyzer.captured import captured_fields
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.files import data_files, data_lines

Columns = dict[str, list["str | None"]]
Preprocess = Callable[[Mapping[str, Any]], Any]


def read_columns(
    folder: Path, dataset_format: Mapping[str, Any], preprocess: Preprocess | None = None
) -> Columns:
    """Every column in the order of the data; all files below the folder are one data set."""
    files = data_files(folder)
    if not files:
        raise JobFaultError(f"there is no data in {folder}")
    (kind, options) = next(iter(dataset_format.items()))
    if kind not in _READERS:
        raise JobFaultError(f"the data set's format is not known: {kind}")
    read = _READERS[kind]
    if preprocess is not None:
        return _of_rows(_preprocessed(files, kind, options or {}, preprocess))
    return read(files, options or {})


def _read_csv(files: Iterable[Path], options: Mapping[str, Any]) -> Columns:
    frames = [_csv_frame(path, bool(options.get("header", True))) for path in files]
    whole = pandas.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return {
        str(name): [None if value is None or value != value else str(value) for value in whole[name].tolist()]
        for name in whole.columns
    }


def _csv_frame(path: Path, header: bool) -> pandas.DataFrame:
    try:
        with warnings.catch_warnings():
            # That a row has more fields than there are names.
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            frame = pandas.read_csv(
                path,
                header=0 if header else None,
                index_col=False,  # else the first of too many fields would be no column but a row's name
                dtype=str,
                keep_default_na=False,
                na_values=[""],
                skipinitialspace=True,
            )
    except (ValueError, pandas.errors.ParserWarning) as error:
        raise JobFaultError(f"{path.name} cannot be read as CSV: {error}") from None
    if not header:
        frame.columns = [f"_c{number}" for number in range(len(frame.columns))]
    return frame


def _read_json(files: Iterable[Path], options: Mapping[str, Any]) -> Columns:
    return _of_rows(
        _flat(record)
        for path in files
        for record in _json_records(path, lines=bool(options.get("lines", True)))
    )


def _json_records(path: Path, *, lines: bool) -> Iterator[Any]:
    try:
        if lines:
            yield from map(json.loads, data_lines(path))
            return
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
        yield from whole if isinstance(whole, list) else [whole]
    except ValueError as error:
        raise JobFaultError(f"{path.name} cannot be read as JSON: {error}") from None


def _read_captured(files: Iterable[Path], options: Mapping[str, Any]) -> Columns:
    return _of_rows(
        captured_fields(record, options) for path in files for record in _json_records(path, lines=True)
    )


def _preprocessed(
    files: Iterable[Path], kind: str, options: Mapping[str, Any], preprocess: Preprocess
) -> Iterator[Mapping[str, Any]]:
    """What the user's script makes of each record; a list of records is allowed, and nothing at all."""
    for record in _raw_records(files, kind, options):
        made = preprocess(record)
        for row in made if isinstance(made, list) and made and isinstance(made[0], dict) else [made]:
            if isinstance(row, dict):
                yield _flat(row)
            elif row:
                yield {f"_c{number}": _text(value) for number, value in enumerate(row)}


def _raw_records(files: Iterable[Path], kind: str, options: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """As captured requests, which the script expects: a plain record is what an endpoint was sent."""
    for path in files:
        if kind == "csv":
            lines = _csv_lines(path)
            for line in lines[1:] if options.get("header", True) else lines:
                yield {"captureData": {"endpointInput": {"data": line, "encoding": "CSV"}}}
            continue
        for record in _json_records(path, lines=kind != "json" or bool(options.get("lines", True))):
            plain = {"captureData": {"endpointInput": {"data": json.dumps(record), "encoding": "JSON"}}}
            yield record if kind == "sagemakerCaptureJson" else plain


def _csv_lines(path: Path) -> list[str]:
    try:
        return data_lines(path)
    except UnicodeDecodeError as error:
        raise JobFaultError(f"{path.name} cannot be read as CSV: {error}") from None


def _of_rows(rows: Iterable[Mapping[str, str | None]]) -> Columns:
    """A column of every name that any row has."""
    kept = list(rows)
    if not kept:
        raise JobFaultError("there is no record in the data")
    names = dict.fromkeys(name for row in kept for name in row)
    return {name: [row.get(name) for row in kept] for name in names}


def _flat(record: Any, prefix: str = "") -> dict[str, str | None]:
    if not isinstance(record, Mapping):
        return {prefix or "_c0": _text(record)}
    flat: dict[str, str | None] = {}
    for name, value in record.items():
        path = f"{prefix}.{name}" if prefix else str(name)
        flat.update(_flat(value, path) if isinstance(value, Mapping) else {path: _text(value)})
    return flat


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value)


_READERS: dict[str, Callable[[Iterable[Path], Mapping[str, Any]], Columns]] = {
    "csv": _read_csv,
    "json": _read_json,
    "sagemakerCaptureJson": _read_captured,
}
