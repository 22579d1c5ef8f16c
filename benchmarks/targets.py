"""What is to be reached, and whether it was; knows no figures but the limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.bench import Bench
from benchmarks.figures import TIMES
from benchmarks.results import Results
from benchmarks.timing import Spread, ratio, spread

_PERCENT = 100


@dataclass(frozen=True)
class Quantity:
    """The sum of some series, repetition by repetition."""

    series: tuple[str, ...]

    def of(self, results: Results) -> list[float]:
        """Its value in every repetition that has all of them; none if one was not measured."""
        columns = [results.of(name) for name in self.series]
        return [sum(row) for row in zip(*columns, strict=False)]


def quantity(*series: str) -> Quantity:
    """The sum of these."""
    return Quantity(series)


@dataclass(frozen=True)
class Target:
    """`above` against `below`, or alone; reached when its median is on the right side of the limit.

    `name` is what an explanation is found by. `unit` is `TIMES` or `%` for a ratio, else that of `above`.
    """

    name: str
    words: str
    limit: float
    above: Quantity
    below: Quantity | None = None
    unit: str = TIMES
    at_least: bool = False

    def measured(self, results: Results) -> Spread | None:
        """The value with its spread; None if this run did not measure it."""
        above = self.above.of(results)
        if self.below is None:
            return spread(above) if above else None
        below = self.below.of(results)
        if not (above and below):
            return None
        return ratio(above, below).times(_PERCENT if self.unit == "%" else 1)

    def reached(self, results: Results) -> bool | None:
        """Whether the median satisfies the limit."""
        found = self.measured(results)
        if found is None:
            return None
        return found.middle >= self.limit if self.at_least else found.middle <= self.limit


@dataclass(frozen=True)
class Row:
    """One line of a comparison's figures."""

    words: str
    quantity: Quantity
    unit: str = "s"


def row(words: str, *series: str, unit: str = "s") -> Row:
    """A line for the sum of these series."""
    return Row(words, Quantity(series), unit)


@dataclass(frozen=True)
class Comparison:
    """What is compared (`about` says what each side does, and what it does not do), and how to measure it."""

    name: str
    title: str
    about: str
    measure: Callable[[Bench, Results], None]
    targets: tuple[Target, ...]
    rows: tuple[Row, ...]
