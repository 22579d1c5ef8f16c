"""How the next values are chosen without a model of the past: the port, Grid and Random."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from seatrial.engines.tuning.ranges import CategoricalRange, Range

_TRIES = 200


@dataclass(frozen=True)
class Suggestion:
    """Values for one training job; `number` is how the strategy knows it again."""

    number: int
    values: Mapping[str, str]


class Search(Protocol):
    """Chooses values for one training job definition. Called from one thread."""

    def ask(self) -> Suggestion | None:
        """The values to try next; None when there is nothing left to try."""

    def tell(self, suggestion: Suggestion, value: float | None) -> None:
        """How it went: the objective's value, None for a job that gave none."""

    def remember(self, values: Mapping[str, str], value: float) -> bool:
        """What values within the ranges came to in another search; whether that changes anything."""

    def hopeless(self, suggestion: Suggestion, values: Sequence[float]) -> bool:
        """Whether a job whose objective had these values so far, one an epoch, is to be stopped."""


class _WithoutMemory:
    """The half of a search that learns nothing."""

    def tell(self, suggestion: Suggestion, value: float | None) -> None:
        """What went before decides nothing."""

    def remember(self, values: Mapping[str, str], value: float) -> bool:
        """What others found decides nothing either."""
        return False

    def hopeless(self, suggestion: Suggestion, values: Sequence[float]) -> bool:
        """No job is given up."""
        return False


class GridSearch(_WithoutMemory):
    """Every combination, once; the last range changes fastest."""

    def __init__(self, ranges: Sequence[CategoricalRange]) -> None:
        self._names = [item.name for item in ranges]
        self._left = enumerate(itertools.product(*(item.values for item in ranges)))

    def ask(self) -> Suggestion | None:
        """The next combination."""
        found = next(self._left, None)
        if found is None:
            return None
        number, values = found
        return Suggestion(number, dict(zip(self._names, values, strict=True)))


class RandomSearch(_WithoutMemory):
    """Values drawn by each range's scale; a combination comes twice only where there are no others left."""

    def __init__(self, ranges: Sequence[Range], seed: int) -> None:
        self._ranges = ranges
        self._random = random.Random(seed)  # noqa: S311  # nobody has to be kept from guessing these
        self._drawn: set[tuple[str, ...]] = set()
        self._number = itertools.count()

    def ask(self) -> Suggestion:
        """New values."""
        for _ in range(_TRIES):
            values = tuple(item.text_at(self._random.random()) for item in self._ranges)
            if values not in self._drawn:
                break
        self._drawn.add(values)
        names = (item.name for item in self._ranges)
        return Suggestion(next(self._number), dict(zip(names, values, strict=True)))
