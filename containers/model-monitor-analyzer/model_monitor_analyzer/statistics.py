"""`statistics.json` of a data set: what each column holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy

from model_monitor_analyzer import sketches
from model_monitor_analyzer.dataset import Columns
from model_monitor_analyzer.types import count_types, inferred_type

VERSION = 0.0


def describe(columns: Columns) -> dict[str, Any]:
    """The whole document."""
    rows = len(next(iter(columns.values()), []))
    return {
        "version": VERSION,
        "dataset": {"item_count": rows},
        "features": [_feature(name, values) for name, values in columns.items()],
    }


def _feature(name: str, values: Sequence[str | None]) -> dict[str, Any]:
    kind = inferred_type(count_types(values))
    described: dict[str, Any] = {"name": name, "inferred_type": kind}
    if kind in ("Integral", "Fractional"):
        described["numerical_statistics"] = _numerical(values)
    elif kind == "String":
        described["string_statistics"] = _string(values)
    return described


def _numerical(values: Sequence[str | None]) -> dict[str, Any]:
    numbers = numbers_of(values)
    return {
        "common": _common(values),
        "mean": float(numbers.mean()),
        "sum": float(numbers.sum()),
        # Of the data at hand and not of a population that it would be drawn from.
        "std_dev": float(numbers.std()),
        "min": float(numbers.min()),
        "max": float(numbers.max()),
        "distribution": sketches.describe(numbers),
    }


def numbers_of(values: Sequence[str | None]) -> numpy.ndarray:
    """Those values that are there, as numbers."""
    return numpy.asarray([float(value) for value in values if value is not None])


def _string(values: Sequence[str | None]) -> dict[str, Any]:
    counts = Counter(value for value in values if value is not None)
    buckets = [{"value": value, "count": times} for value, times in counts.most_common()]
    return {
        "common": _common(values),
        "distinct_count": float(len(counts)),
        "distribution": {"categorical": {"buckets": buckets}},
    }


def _common(values: Sequence[str | None]) -> dict[str, int]:
    missing = sum(value is None for value in values)
    return {"num_present": len(values) - missing, "num_missing": missing}
