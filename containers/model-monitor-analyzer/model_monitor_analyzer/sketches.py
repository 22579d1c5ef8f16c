"""Distributions of numbers as KLL sketches, written and read in the form of `statistics.json`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import datasketches
import numpy

SIZE = 2048
# The other parameter of a sketch in the service's files; it does not change what is in them.
SHRINKING = 0.64
BUCKETS = 10


@dataclass(frozen=True)
class Weighted:
    """Numbers in order, each with the count of values that it stands for."""

    items: numpy.ndarray
    weights: numpy.ndarray

    @property
    def count(self) -> float:
        """How many values there were."""
        return float(self.weights.sum())


def describe(values: numpy.ndarray) -> dict[str, Any]:
    """`{"kll": …}`: ten buckets of equal width, and the sketch itself."""
    levels = _levels(values)
    found = read_levels(levels)
    return {
        "kll": {
            "buckets": _buckets(found, float(values.min()), float(values.max())),
            "sketch": {"parameters": {"c": SHRINKING, "k": float(SIZE)}, "data": levels},
        }
    }


def read(distribution: Mapping[str, Any]) -> Weighted | None:
    """The sketch of a `distribution`; None where there is none."""
    levels = ((distribution.get("kll") or {}).get("sketch") or {}).get("data")
    return read_levels(levels) if levels else None


def read_levels(levels: Sequence[Sequence[float]]) -> Weighted:
    """A number at level n stands for 2 to the n values."""
    items = numpy.concatenate([numpy.asarray(level, dtype=float) for level in levels])
    weights = numpy.concatenate([numpy.full(len(level), 2.0**number) for number, level in enumerate(levels)])
    order = numpy.argsort(items, kind="stable")
    return Weighted(items[order], weights[order])


def distance(one: Weighted, other: Weighted) -> float:
    """The largest difference of the two cumulative distributions."""
    points = numpy.union1d(one.items, other.items)
    return float(numpy.max(numpy.abs(_cumulative(one, points) - _cumulative(other, points))))


def _levels(values: numpy.ndarray) -> list[list[float]]:
    sketch = datasketches.kll_doubles_sketch(SIZE)
    sketch.update(values)
    levels: dict[int, list[float]] = defaultdict(list)
    for item, weight in sketch:
        levels[int(weight).bit_length() - 1].append(float(item))
    return [sorted(levels[number]) for number in range(max(levels) + 1)]


def _buckets(found: Weighted, lowest: float, highest: float) -> list[dict[str, float]]:
    """A bucket holds its lower bound; the last one holds its upper bound too."""
    bounds = numpy.linspace(lowest, highest, BUCKETS + 1)
    below = [float(found.weights[found.items < bound].sum()) for bound in bounds[:-1]] + [found.count]
    return [
        {
            "lower_bound": float(bounds[at]),
            "upper_bound": float(bounds[at + 1]),
            "count": below[at + 1] - below[at],
        }
        for at in range(BUCKETS)
    ]


def _cumulative(found: Weighted, points: numpy.ndarray) -> numpy.ndarray:
    totals = numpy.concatenate([[0.0], numpy.cumsum(found.weights)])
    return totals[numpy.searchsorted(found.items, points, side="right")] / found.count
