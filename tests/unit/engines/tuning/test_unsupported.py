"""What is said of a tuning job before the run, each word where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.tuning import TuningEngine
from seatrial.ports.jobs import JobKind
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import MemoryEngine
from tests.unit.engines.native.requests import Bench as NativeBench
from tests.unit.engines.tuning.bench import config, continuous, definition, tuning_parameters


@pytest.fixture
def engine(tmp_path: Path) -> TuningEngine:
    """One above our own."""
    return TuningEngine(NativeBench(tmp_path).engine(), 2, StillClock())


def test_a_plain_tuning_job_has_nothing_to_be_said_of(engine: TuningEngine) -> None:
    assert engine.unsupported("Tuning", tuning_parameters()) == []
    assert engine.without_effect("Tuning", tuning_parameters()) == []


def test_what_the_training_engine_cannot_do_is_told_in_the_definition(engine: TuningEngine) -> None:
    broken = definition()
    broken["AlgorithmSpecification"]["MetricDefinitions"].append({"Name": "x", "Regex": "("})
    one = engine.unsupported("Tuning", tuning_parameters(training=broken))
    assert [line.partition(": ")[0] for line in one] == [
        "/TrainingJobDefinition/AlgorithmSpecification/MetricDefinitions/1/Regex"
    ]
    several = tuning_parameters(TrainingJobDefinitions=[definition(DefinitionName="a"), broken])
    del several["TrainingJobDefinition"]
    assert [line.partition(": ")[0] for line in engine.unsupported("Tuning", several)] == [
        "/TrainingJobDefinitions/1/AlgorithmSpecification/MetricDefinitions/1/Regex"
    ]


class _Says(MemoryEngine):
    """A training engine that finds fault with two members."""

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """Both."""
        assert kind == "Training"
        return ["/ResourceConfig/InstanceCount: too many", "/HyperParameters/a: odd"]


def test_members_that_have_other_names_in_a_definition_are_told_by_those() -> None:
    engine = TuningEngine(_Says(), 2, StillClock())
    assert engine.unsupported("Tuning", tuning_parameters()) == [
        "/TrainingJobDefinition/HyperParameterTuningResourceConfig/InstanceCount: too many",
        "/TrainingJobDefinition/StaticHyperParameters/a: odd",
    ]
    plain = definition(ResourceConfig={"InstanceType": "ml.m5.large"})
    del plain["HyperParameterTuningResourceConfig"]
    assert engine.unsupported("Tuning", tuning_parameters(training=plain))[0] == (
        "/TrainingJobDefinition/ResourceConfig/InstanceCount: too many"
    )


@pytest.mark.parametrize("strategy", ["Bayesian", "Hyperband"])
def test_a_search_that_needs_optuna_says_how_to_install_it(
    engine: TuningEngine, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seatrial.engines.tuning.unsupported.is_available", lambda: False)
    assert engine.unsupported("Tuning", tuning_parameters(config(strategy))) == [
        f"/HyperParameterTuningJobConfig/Strategy: {strategy} search: it is done by Optuna, which is not "
        "installed: pip install 'seatrial[tuning]'"
    ]
    assert engine.unsupported("Tuning", tuning_parameters(config("Random"))) == []


def test_a_range_that_the_service_would_refuse_is_told(engine: TuningEngine) -> None:
    ranges = {"ContinuousParameterRanges": [continuous("rate", "0", "1", "Logarithmic")]}
    assert engine.unsupported("Tuning", tuning_parameters(config(ParameterRanges=ranges))) == [
        "/HyperParameterTuningJobConfig/ParameterRanges/ContinuousParameterRanges/0/ScalingType: "
        "Logarithmic scaling needs values greater than 0"
    ]


def test_an_objective_that_no_metric_gives_is_told(engine: TuningEngine) -> None:
    objective = {"Type": "Maximize", "MetricName": "loss"}
    (line,) = engine.unsupported(
        "Tuning", tuning_parameters(config(HyperParameterTuningJobObjective=objective))
    )
    assert line == (
        "/TrainingJobDefinition/AlgorithmSpecification/MetricDefinitions: A metric is required for this "
        "hyperparameter tuning job objective. Provide a metric in the metric definitions. (loss)"
    )
    nameless = {"Type": "Maximize", "MetricName": {"Get": "Parameters.Metric"}}
    assert (
        engine.unsupported("Tuning", tuning_parameters(config(HyperParameterTuningJobObjective=nameless)))
        == []
    )


@pytest.mark.parametrize(
    ("search", "said"),
    [
        (config("Grid", jobs=None), "Grid search takes categorical ranges only; rate is none."),
        (
            config("Hyperband"),
            "Hyperband needs HyperbandStrategyConfig with a MaxResource, or epochs among the static "
            "hyperparameters.",
        ),
        (
            config("Hyperband", TrainingJobEarlyStoppingType="Auto"),
            "Hyperband stops jobs by its own rule; TrainingJobEarlyStoppingType must be Off.",
        ),
        (
            config(ParameterRanges={"ContinuousParameterRanges": []}),
            "/HyperParameterTuningJobConfig/ParameterRanges: there is no range to search.",
        ),
    ],
)
def test_a_search_that_contradicts_itself_is_told(engine: TuningEngine, search: Any, said: str) -> None:
    assert engine.unsupported("Tuning", tuning_parameters(search)) == [
        f"/HyperParameterTuningJobConfig: {said}"
    ]


@pytest.mark.parametrize("name", ["epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs"])
@pytest.mark.parametrize("value", ["9", '"9"', {"Get": "Parameters.Epochs"}], ids=["number", "JSON", "later"])
def test_hyperband_finds_its_epochs_among_the_static_hyperparameters(
    engine: TuningEngine, name: str, value: Any
) -> None:
    training = definition(StaticHyperParameters={name: value})
    assert engine.unsupported("Tuning", tuning_parameters(config("Hyperband"), training)) == []


def test_a_search_that_is_decided_during_the_run_is_judged_then(engine: TuningEngine) -> None:
    unknown = config({"Get": "Parameters.Strategy"}, jobs=None)  # type: ignore[arg-type]  # as a definition may
    assert engine.unsupported("Tuning", tuning_parameters(unknown)) == []


def test_what_is_accepted_and_changes_nothing_is_told(engine: TuningEngine) -> None:
    ranges = {"AutoParameters": [{"Name": "rate", "ValueHint": "0.1"}]}
    parameters = tuning_parameters(
        config(ParameterRanges=ranges),
        definition(RemoteDebugConfig={"EnableRemoteDebug": True}),
        Autotune={"Mode": "Enabled"},
    )
    assert [line.partition(": ")[0] for line in engine.without_effect("Tuning", parameters)] == [
        "/Autotune",
        "/HyperParameterTuningJobConfig/ParameterRanges/AutoParameters",
        "/TrainingJobDefinition/RemoteDebugConfig",
    ]
