"""What of a tuning job cannot be done here, or the service would refuse; asked before the run.

What its training jobs ask for is judged by the engine that will run them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seatrial.definition.references import expressions
from seatrial.definition.tuning_jobs import TrainingDefinition, training_definitions
from seatrial.engines.algorithms import searched_metrics
from seatrial.engines.job import RefusedJobError
from seatrial.engines.reasons import Reason, is_expression, list_matches
from seatrial.engines.tuning.modelled import MISSING, MODELLED, is_available
from seatrial.engines.tuning.ranges import faults_of
from seatrial.engines.tuning.recipes import place_in_definition, training_request
from seatrial.engines.tuning.request import CONFIG, NO_METRIC, objective_of, ranges_of, read_tuning
from seatrial.ports.jobs import JobEngine


def _strategy(value: object) -> str | None:
    """`Bayesian` or `Hyperband`, where Optuna is not installed (`pip install 'seatrial[tuning]'`)."""
    needed = isinstance(value, str) and value in MODELLED
    return f"{value} search: {MISSING}" if needed and not is_available() else None


UNSUPPORTED: dict[str, Reason] = {f"{CONFIG}/Strategy": _strategy}

# The members of a training job definition that say what is searched for and how.
_SEARCHED = ("AlgorithmSpecification", "DefinitionName", "HyperParameterRanges", "TuningObjective")


def list_unsupported(parameters: Mapping[str, Any], training: JobEngine) -> list[str]:
    """`<pointer>: <reason>` for everything that cannot be done."""
    faults = [
        *list_matches(UNSUPPORTED, parameters),
        *of_training_jobs(parameters, lambda request: training.unsupported("Training", request)),
        *_of_search(parameters),
    ]
    return faults or list(_contradictions(parameters))


def of_training_jobs(
    parameters: Mapping[str, Any], said: Callable[[Mapping[str, Any]], list[str]]
) -> Iterator[str]:
    """What is said of the training jobs' request, each word where its member stands in the definition."""
    for definition in training_definitions(parameters):
        for line in said(training_request(definition.members)):
            pointer, _, reason = line.partition(": ")
            yield f"{definition.pointer}{place_in_definition(pointer, definition.members)}: {reason}"


def _of_search(parameters: Mapping[str, Any]) -> Iterator[str]:
    config = parameters.get("HyperParameterTuningJobConfig")
    if not isinstance(config, Mapping):
        return
    for definition in training_definitions(parameters):
        pointer, ranges = ranges_of(definition, config)
        for fault in faults_of(ranges):
            yield f"{pointer}{fault}"
        yield from _of_objective(definition, config)


def _of_objective(definition: TrainingDefinition, config: Mapping[str, Any]) -> Iterator[str]:
    algorithm = definition.members.get("AlgorithmSpecification")
    objective = objective_of(definition, config)
    if not isinstance(algorithm, Mapping):
        return
    if objective is None:
        yield f"{CONFIG}: {NO_METRIC}"
        return
    name = objective.get("MetricName")
    defined = algorithm.get("MetricDefinitions")
    known = [objective, name, algorithm.get("TrainingImage"), *_names(defined)]
    if any(is_expression(value) for value in known) or is_expression(defined):
        return  # asked again when the job starts
    if name not in [metric.name for metric in searched_metrics(algorithm)]:
        yield f"{definition.pointer}/AlgorithmSpecification/MetricDefinitions: {NO_METRIC} ({name})"


def _contradictions(parameters: Mapping[str, Any]) -> Iterator[str]:
    """What the create call would refuse of a search of which nothing is decided during the run."""
    definitions = list(training_definitions(parameters))
    search = [parameters.get("HyperParameterTuningJobConfig")]
    search += [definition.members.get(name) for definition in definitions for name in _searched(search[0])]
    whole = all(isinstance(definition.members.get(_SEARCHED[0]), Mapping) for definition in definitions)
    if not whole or any(True for value in search for _ in expressions(value)):
        return
    try:
        read_tuning(parameters)
    except RefusedJobError as refused:
        yield f"{CONFIG}: {str(refused).removeprefix('ValidationException: ')}"


def _searched(config: object) -> tuple[str, ...]:
    """Hyperband may take its epochs from the static hyperparameters."""
    hyperband = isinstance(config, Mapping) and config.get("Strategy") == "Hyperband"
    return (*_SEARCHED, "StaticHyperParameters") if hyperband else _SEARCHED


def _names(defined: object) -> list[object]:
    items = defined if isinstance(defined, list) else []
    return [value for item in items if isinstance(item, Mapping) for value in item.values()]
