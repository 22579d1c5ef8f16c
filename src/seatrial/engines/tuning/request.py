"""From a CreateHyperParameterTuningJob request to the search that this engine does; runs nothing.

A tuning job has one training job definition, with its objective and ranges in the job's own configuration,
or several, each with its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from seatrial.definition.tuning_jobs import TrainingDefinition, training_definitions
from seatrial.engines.algorithms import searched_metrics
from seatrial.engines.job import Metric, RefusedJobError
from seatrial.engines.locations import required
from seatrial.engines.tuning.ranges import CategoricalRange, Range, RangeError, auto_values, read_ranges
from seatrial.engines.tuning.recipes import OBJECTIVE, Recipe, read_recipe

Strategy = Literal["Bayesian", "Random", "Hyperband", "Grid"]
NO_METRIC = (
    "A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric "
    "definitions."
)
CONFIG = "/HyperParameterTuningJobConfig"
_EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@dataclass(frozen=True)
class Objective:
    """What the search is for."""

    metric: Metric
    maximize: bool

    def badness(self, value: float) -> float:
        """Smaller is better."""
        return -value if self.maximize else value


@dataclass(frozen=True)
class Candidate:
    """One training job definition: what is tried, and what each of its training jobs is asked for.

    `resources` are the least and the most of a job in Hyperband.
    """

    definition: TrainingDefinition
    objective: Objective
    ranges: tuple[Range, ...]
    fixed: Mapping[str, str]
    recipe: Recipe
    resources: tuple[int, int] | None = None

    @property
    def name(self) -> str | None:
        """Where there are several, the definition's."""
        return self.definition.name

    def hyperparameters(self, tuned: Mapping[str, str]) -> dict[str, str]:
        """What a training job of it is given; the service tells it of the objective too."""
        return {**self.fixed, **tuned, OBJECTIVE: self.objective.metric.name}


@dataclass(frozen=True)
class Completion:
    """When the search ends before its limits."""

    target: float | None = None
    not_improving: int | None = None


@dataclass(frozen=True)
class Tuning:
    """One tuning job. `jobs` of None is no limit."""

    strategy: Strategy
    candidates: tuple[Candidate, ...]
    jobs: int | None
    parallel: int
    seconds: int | None
    seed: int
    early_stopping: bool
    completion: Completion = field(default_factory=Completion)


def read_tuning(parameters: Mapping[str, Any]) -> Tuning:
    """The search; raise `RefusedJobError` for what CreateHyperParameterTuningJob would refuse."""
    config = required(parameters, CONFIG)
    limits = required(config, "/ResourceLimits")
    candidates = tuple(_candidates(parameters, config))
    strategy: Strategy = config["Strategy"]
    return Tuning(
        strategy=strategy,
        candidates=candidates,
        jobs=_number_of_jobs(strategy, candidates, config),
        parallel=int(limits["MaxParallelTrainingJobs"]),
        seconds=limits.get("MaxRuntimeInSeconds"),
        # Without a seed of the author's, two executions of one definition still try the same values.
        seed=int(config.get("RandomSeed") or 0),
        early_stopping=config.get("TrainingJobEarlyStoppingType") == "Auto",
        completion=_completion(config),
    )


def ranges_of(definition: TrainingDefinition, config: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The `ParameterRanges` that count for a definition, with their pointer."""
    own = definition.members.get("HyperParameterRanges")
    if isinstance(own, Mapping):
        return f"{definition.pointer}/HyperParameterRanges", own
    shared = config.get("ParameterRanges")
    return f"{CONFIG}/ParameterRanges", shared if isinstance(shared, Mapping) else {}


def objective_of(definition: TrainingDefinition, config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The objective that counts for a definition."""
    own = definition.members.get("TuningObjective") or config.get("HyperParameterTuningJobObjective")
    return own if isinstance(own, Mapping) else None


def _candidates(parameters: Mapping[str, Any], config: Mapping[str, Any]) -> list[Candidate]:
    definitions = list(training_definitions(parameters))
    if not definitions:
        raise RefusedJobError("ValidationException: a training job definition is required.")
    names = [definition.name for definition in definitions]
    if len(definitions) > 1 and (None in names or len(set(names)) < len(names)):
        raise RefusedJobError("ValidationException: each training job definition needs a name of its own.")
    return [_candidate(definition, config) for definition in definitions]


def _candidate(definition: TrainingDefinition, config: Mapping[str, Any]) -> Candidate:
    place, ranges = ranges_of(definition, config)
    try:
        read = read_ranges(ranges)
    except RangeError as fault:
        raise RefusedJobError(f"ValidationException: {place}{fault}") from fault
    if not read and not auto_values(ranges):
        raise RefusedJobError(f"ValidationException: {place}: there is no range to search.")
    fixed = {**auto_values(ranges), **(definition.members.get("StaticHyperParameters") or {})}
    _refuse_what_stands_twice([item.name for item in read], fixed)
    return Candidate(
        definition,
        _objective(definition, config),
        read,
        fixed,
        read_recipe(definition.members),
        _resources(config, fixed),
    )


def _refuse_what_stands_twice(tuned: Sequence[str], fixed: Mapping[str, str]) -> None:
    for place, name in enumerate(tuned):
        if name in fixed:
            raise RefusedJobError(
                f"ValidationException: {name} is both a static hyperparameter and one that is tuned."
            )
        if name in tuned[:place]:
            raise RefusedJobError(f"ValidationException: {name} has two ranges.")


def _objective(definition: TrainingDefinition, config: Mapping[str, Any]) -> Objective:
    named = objective_of(definition, config)
    if named is None:
        raise RefusedJobError(f"ValidationException: {NO_METRIC}")
    metrics = searched_metrics(definition.members["AlgorithmSpecification"])
    found = next((metric for metric in metrics if metric.name == named["MetricName"]), None)
    if found is None:
        raise RefusedJobError(f"ValidationException: {NO_METRIC} ({named['MetricName']})")
    return Objective(found, named["Type"] == "Maximize")


def _number_of_jobs(
    strategy: Strategy, candidates: tuple[Candidate, ...], config: Mapping[str, Any]
) -> int | None:
    limits = config["ResourceLimits"]
    asked: int | None = limits.get("MaxNumberOfTrainingJobs")
    if strategy == "Grid":
        return _size_of_grid(candidates, asked)
    if (
        asked is None
        and not limits.get("MaxRuntimeInSeconds")
        and not config.get("TuningJobCompletionCriteria")
    ):
        raise RefusedJobError(
            "ValidationException: MaxNumberOfTrainingJobs is required where nothing else ends the tuning job."
        )
    return asked


def _size_of_grid(candidates: tuple[Candidate, ...], asked: int | None) -> int:
    total = 0
    for candidate in candidates:
        size = 1
        for item in candidate.ranges:
            if not isinstance(item, CategoricalRange):
                raise RefusedJobError(
                    f"ValidationException: Grid search takes categorical ranges only; {item.name} is none."
                )
            size *= len(item.values)
        total += size
    if asked is not None and asked != total:
        raise RefusedJobError(
            f"ValidationException: MaxNumberOfTrainingJobs is {asked}, the grid has {total} combinations; "
            f"leave it out."
        )
    return total


def _completion(config: Mapping[str, Any]) -> Completion:
    criteria = config.get("TuningJobCompletionCriteria") or {}
    stale = (criteria.get("BestObjectiveNotImproving") or {}).get("MaxNumberOfTrainingJobsNotImproving")
    target = criteria.get("TargetObjectiveMetricValue")
    return Completion(None if target is None else float(target), stale)


def _resources(config: Mapping[str, Any], fixed: Mapping[str, str]) -> tuple[int, int] | None:
    """Between what Hyperband divides; the most may stand among the static hyperparameters."""
    if config["Strategy"] != "Hyperband":
        return None
    if config.get("TrainingJobEarlyStoppingType") == "Auto":
        raise RefusedJobError(
            "ValidationException: Hyperband stops jobs by its own rule; TrainingJobEarlyStoppingType must be "
            "Off."
        )
    own = (config.get("StrategyConfig") or {}).get("HyperbandStrategyConfig") or {}
    least, most = int(own.get("MinResource") or 1), int(own.get("MaxResource") or _epochs(fixed))
    if not most:
        raise RefusedJobError(
            "ValidationException: Hyperband needs HyperbandStrategyConfig with a MaxResource, or epochs "
            "among the static hyperparameters."
        )
    if least > most:
        raise RefusedJobError(f"ValidationException: MinResource {least} is greater than MaxResource {most}.")
    return least, most


def _epochs(fixed: Mapping[str, str]) -> int:
    """0 where they tell of none."""
    told = (fixed[name].strip('"') for name in _EPOCHS if name in fixed)
    return next((int(text) for text in told if text.isdecimal()), 0)
