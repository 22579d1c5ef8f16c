"""The body of a request as a DMatrix without labels; whatever cannot be read is a ValueError."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xgboost

from sagemaker_xgboost_container.content_types import CSV, LIBSVM, get_content_type

_SNIFFED = 512


def decode(body: bytes, content_type: str | None) -> xgboost.DMatrix:
    """The matrix; a body without a content type is LIBSVM, as in SageMaker's own image."""
    kind = get_content_type(content_type)
    if kind not in _DECODERS:
        raise ValueError(
            f"{content_type} is not supported by this image's `serve`; use text/csv or text/libsvm."
        )
    return _DECODERS[kind](body)


def csv_to_dmatrix(body: str | bytes) -> xgboost.DMatrix:
    """Rows without a label; an empty cell is a missing value."""
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    lines = text.strip().splitlines()
    separator = _separator(lines[0])
    rows = [[float(cell) if cell.strip() else np.nan for cell in line.split(separator)] for line in lines]
    return xgboost.DMatrix(np.array(rows, dtype=np.float32))


def libsvm_to_dmatrix(body: str | bytes) -> xgboost.DMatrix:
    """XGBoost's own parser reads it, from a file: it knows no other way."""
    data = body.encode("utf-8") if isinstance(body, str) else body
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payload"
        path.write_bytes(data.strip() + b"\n")
        return xgboost.DMatrix(f"{path}?format=libsvm")


def _separator(line: str) -> str:
    """A row of one column has none, and what a guess finds in a number is none either."""
    try:
        found = csv.Sniffer().sniff(line[:_SNIFFED]).delimiter
    except csv.Error:
        return ","
    return "," if found.isalnum() or found in ".+-" else found


_DECODERS: dict[str, Callable[[bytes], xgboost.DMatrix]] = {CSV: csv_to_dmatrix, LIBSVM: libsvm_to_dmatrix}
