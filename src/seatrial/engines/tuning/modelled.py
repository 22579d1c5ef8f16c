"""How the next values are chosen by a model of those before: Bayesian search and Hyperband, by Optuna.

Optuna sees numbers between 0 and 1 and the indexes of categories; scales are the ranges' own.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seatrial.engines.tuning.ranges import CategoricalRange, Range
from seatrial.engines.tuning.search import Suggestion

if TYPE_CHECKING:
    import optuna

MISSING = "it is done by Optuna, which is not installed: pip install 'seatrial[tuning]'"
MODELLED = frozenset({"Bayesian", "Hyperband"})

# So much of the search is drawn at random before there is a model worth asking.
_RANDOM_SHARE = 3
_MOST_AT_RANDOM = 10
_REDUCTION = 3
_NAME = "tuning"  # decides with a job's number which bracket it is in: left out it would be another each time
_SEEDS = 2**32  # numpy has no more; a request's may be any number


def is_available() -> bool:
    """Whether Optuna is installed; it is not imported."""
    return importlib.util.find_spec("optuna") is not None


class ModelledSearch:
    """A tree-structured Parzen estimator; with `resources`, Hyperband's successive halving above it."""

    def __init__(
        self,
        ranges: Sequence[Range],
        *,
        maximize: bool,
        seed: int,
        jobs: int | None,
        resources: tuple[int, int] | None = None,
    ) -> None:
        # Optional, and slow to import: only a search that needs it does.
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        at_random = _MOST_AT_RANDOM if jobs is None else min(_MOST_AT_RANDOM, max(2, jobs // _RANDOM_SHARE))
        self._ranges = {item.name: item for item in ranges}
        self._trials: dict[int, optuna.Trial] = {}
        self._failed = optuna.trial.TrialState.FAIL
        self._reported: dict[int, int] = {}
        self._most = resources[1] if resources else None
        self._space = {item.name: _distribution(item) for item in ranges}
        self._study = optuna.create_study(
            study_name=_NAME,
            direction="maximize" if maximize else "minimize",
            sampler=optuna.samplers.TPESampler(seed=seed % _SEEDS, n_startup_trials=at_random),
            pruner=_pruner(resources),
        )

    def ask(self) -> Suggestion:
        """What the model expects most of; jobs that still run count as tried."""
        trial = self._study.ask(self._space)
        self._trials[trial.number] = trial
        values = {name: self._text(name, found) for name, found in trial.params.items()}
        return Suggestion(trial.number, {name: values[name] for name in self._ranges})

    def tell(self, suggestion: Suggestion, value: float | None) -> None:
        """Learn from it; a job without an objective says nothing about its values."""
        trial = self._trials.pop(suggestion.number)
        if value is None:
            self._study.tell(trial, state=self._failed)
        else:
            self._study.tell(trial, value)

    def remember(self, values: Mapping[str, str], value: float) -> bool:
        """Learn from it as from a job of this search."""
        import optuna  # optional

        found = {name: _param(item, values[name]) for name, item in self._ranges.items()}
        trial = optuna.trial.create_trial(params=found, distributions=self._space, value=value)
        self._study.add_trial(trial)
        return True

    def hopeless(self, suggestion: Suggestion, values: Sequence[float]) -> bool:
        """Whether the bracket that the job is in goes on without it; an epoch is a unit of the resource.

        One that came as far as any may has nothing left but to save its model, so it is let be; the service
        stops one that goes on beyond.
        """
        if self._most is None:
            return False
        trial = self._trials[suggestion.number]
        given_up = len(values) > self._most
        for epoch in range(self._reported.get(suggestion.number, 0), min(len(values), self._most - 1)):
            trial.report(values[epoch], epoch + 1)
            given_up = given_up or trial.should_prune()
        self._reported[suggestion.number] = len(values)
        return given_up

    def _text(self, name: str, found: Any) -> str:
        item = self._ranges[name]
        return item.values[int(found)] if isinstance(item, CategoricalRange) else item.text_at(float(found))


def _distribution(item: Range) -> optuna.distributions.BaseDistribution:
    import optuna  # optional

    if isinstance(item, CategoricalRange):
        return optuna.distributions.CategoricalDistribution(range(len(item.values)))
    return optuna.distributions.FloatDistribution(0.0, 1.0)


def _param(item: Range, text: str) -> float | int | None:
    return item.values.index(text) if isinstance(item, CategoricalRange) else item.position_of(text)


def _pruner(resources: tuple[int, int] | None) -> optuna.pruners.BasePruner:
    import optuna  # optional

    if resources is None:
        return optuna.pruners.NopPruner()
    return optuna.pruners.HyperbandPruner(*resources, reduction_factor=_REDUCTION)
