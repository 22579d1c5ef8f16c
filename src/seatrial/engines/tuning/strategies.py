"""Which search a tuning job asks for; a new strategy is a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seatrial.engines.tuning.modelled import ModelledSearch
from seatrial.engines.tuning.ranges import CategoricalRange
from seatrial.engines.tuning.request import Candidate, Strategy, Tuning
from seatrial.engines.tuning.search import GridSearch, RandomSearch, Search


def _grid(candidate: Candidate, tuning: Tuning, seed: int) -> Search:
    return GridSearch([item for item in candidate.ranges if isinstance(item, CategoricalRange)])


def _random(candidate: Candidate, tuning: Tuning, seed: int) -> Search:
    return RandomSearch(candidate.ranges, seed)


def _modelled(candidate: Candidate, tuning: Tuning, seed: int) -> Search:
    return ModelledSearch(
        candidate.ranges,
        maximize=candidate.objective.maximize,
        seed=seed,
        jobs=tuning.jobs,
        resources=candidate.resources,
    )


STRATEGIES: Mapping[Strategy, Callable[[Candidate, Tuning, int], Search]] = {
    "Grid": _grid,
    "Random": _random,
    "Bayesian": _modelled,
    "Hyperband": _modelled,
}


def search_of(candidate: Candidate, tuning: Tuning, place: int = 0) -> Search:
    """The search among the candidate's ranges; two of one tuning job do not draw the same numbers."""
    return STRATEGIES[tuning.strategy](candidate, tuning, tuning.seed + place)
