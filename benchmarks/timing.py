"""Medians, spreads and ratios of repeated measurements; knows nothing of what was measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The middle of some values, and the least and greatest of them."""

    middle: float
    low: float
    high: float

    def times(self, factor: float) -> Spread:
        """The same in another unit."""
        return Spread(self.middle * factor, self.low * factor, self.high * factor)


def spread(values: Sequence[float]) -> Spread:
    """Median, minimum, maximum."""
    return Spread(median(values), min(values), max(values))


def ratio(above: Sequence[float], below: Sequence[float]) -> Spread:
    """The ratio of the medians; its spread is that of the ratios of single repetitions.

    Repetitions are interleaved, so two values of one repetition met the machine in the same mood.
    """
    single = [one / other for one, other in zip(above, below, strict=False)]
    return Spread(median(above) / median(below), min(single), max(single))


class Stopwatch:
    """`seconds` is the wall time of the `with` block that `timed` opened, once it is over."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Measure the block."""
    watch = Stopwatch()
    began = time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - began


def interleaved(repetitions: int, sides: Mapping[str, Callable[[int], None]]) -> None:
    """Let every side run once in each repetition, another one first each time: drift hits them alike."""
    order = list(sides.values())
    for repetition in range(repetitions):
        for side in order:
            side(repetition)
        order.append(order.pop(0))
