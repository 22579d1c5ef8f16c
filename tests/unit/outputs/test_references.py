"""References that an author holds, and the service that is asked what they stand for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from seatrial.errors import ExpressionError, RefusedError
from seatrial.outputs import registry_of_definition
from seatrial.outputs.references import PropertyReference, StepOutputRegistry
from seatrial.outputs.resolution import Context, PropertyResolutionService
from seatrial.outputs.strategies import DefinitionStrategy, RecordStrategy, RegistryStrategy
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import simulate

TRAIN = "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
MODEL = "ModelArtifacts.S3ModelArtifacts"
DEFINITION = pipeline(
    processing("Prep", outputs={"train": join(PREFIX, "prep", "train")}),
    training("Train", channels={"train": output_of("Prep", "train")}),
)


class Fixed:
    """Knows one step, and counts how often it is asked for a value."""

    def __init__(self, step: str, answer: Any) -> None:
        self.step = step
        self.answer = answer
        self.asked = 0

    def can_resolve(self, step_name: str, property_path: str, context: Context) -> bool:
        return step_name == self.step

    def resolve(self, step_name: str, property_path: str, context: Context) -> Any:
        self.asked += 1
        return self.answer


def test_a_reference_is_what_stands_in_a_definition() -> None:
    reference = PropertyReference(step_name="Prep", property_path=TRAIN)
    assert reference.to_sagemaker_reference() == output_of("Prep", "train")
    assert PropertyReference.from_sagemaker_reference(output_of("Prep", "train")) == reference


@pytest.mark.parametrize(("step", "path"), [("", TRAIN), ("A.B", TRAIN), ("A", ""), ("A", "Outputs['x")])
def test_a_reference_to_nothing_is_refused_when_it_is_made(step: str, path: str) -> None:
    with pytest.raises(ValidationError):
        PropertyReference(step_name=step, property_path=path)


@pytest.mark.parametrize("get", ["Parameters.X", "Steps.A.PropertyFiles.P"])
def test_what_refers_to_no_property_is_refused(get: str) -> None:
    with pytest.raises(RefusedError, match="does not refer to a property"):
        PropertyReference.from_sagemaker_reference({"Get": get})


def test_outputs_are_referred_to_by_logical_name() -> None:
    registry = StepOutputRegistry()
    registry.register_output("Prep", "train", TRAIN, output_descriptor={"format": "csv"})
    reference = registry.get_output_reference("Prep", "train")
    assert (reference.property_path, reference.output_descriptor) == (TRAIN, {"format": "csv"})


def test_a_definition_and_an_execution_name_the_same_outputs() -> None:
    planned = StepOutputRegistry.of_definition(DEFINITION)
    written = StepOutputRegistry.of_outputs(simulate(DEFINITION).registry)
    assert planned.get_output_reference("Train", "model") == written.get_output_reference("Train", "model")


def test_an_unknown_output_lists_what_is_there() -> None:
    with pytest.raises(RefusedError, match=r"no output Prep\.test; there is Prep\.train, Train\.model"):
        StepOutputRegistry.of_definition(DEFINITION).get_output_reference("Prep", "test")


def test_the_first_strategy_that_can_answers_and_its_answer_is_kept() -> None:
    early, late = Fixed("Prep", "first"), Fixed("Prep", "second")
    service = PropertyResolutionService([Fixed("Other", "none"), early])
    service.register_strategy(late)
    assert [service.resolve_property("Prep", TRAIN) for _ in range(3)] == ["first"] * 3
    assert service.resolve_property("Prep", TRAIN.replace("'", '"')) == "first"
    assert (early.asked, late.asked) == (1, 0)


def test_another_context_is_another_question() -> None:
    fixed = Fixed("Prep", "x")
    service = PropertyResolutionService([fixed])
    for value in (1, 1.0, True, 1):
        service.resolve_property("Prep", TRAIN, {"P": value})
    assert fixed.asked == 3


def test_what_was_forgotten_is_asked_anew() -> None:
    fixed = Fixed("Prep", None)
    service = PropertyResolutionService([fixed])
    assert service.resolve_property("Prep", TRAIN) is None
    service.resolve_property("Prep", TRAIN)
    service.forget()
    service.resolve_property("Prep", TRAIN)
    assert fixed.asked == 2


def test_what_nobody_knows_is_an_error_that_says_who_was_asked() -> None:
    with pytest.raises(ExpressionError, match=r"nobody knows Steps\.Prep\.X; asked: Fixed"):
        PropertyResolutionService([Fixed("Other", 1)]).resolve_property("Prep", "X")
    with pytest.raises(ExpressionError, match="asked: nobody at all"):
        PropertyResolutionService().resolve_property("Prep", "X")


def test_a_definition_knows_what_parameters_decide() -> None:
    service = PropertyResolutionService([DefinitionStrategy(DEFINITION)])
    context = {"EXECUTION_S3_PREFIX": "s3://b/run"}
    assert service.resolve_property("Prep", TRAIN, context) == "s3://b/run/prep/train"
    assert service.resolve_property("Prep", "ProcessingResources.ClusterConfig.InstanceCount") == 1


@pytest.mark.parametrize(
    ("step", "path"),
    [("Prep", TRAIN), ("Train", MODEL), ("Train", "InputDataConfig['train'].DataSource"), ("No", "RoleArn")],
)
def test_a_definition_does_not_know_what_is_decided_during_the_run(step: str, path: str) -> None:
    assert not DefinitionStrategy(DEFINITION).can_resolve(step, path, {})


def test_a_record_knows_what_its_steps_answered() -> None:
    strategy = RecordStrategy(simulate(DEFINITION).record)
    assert strategy.resolve("Train", MODEL, {}).endswith("/job-Train/output/model.tar.gz")
    assert not strategy.can_resolve("Train", "FailureReason", {})
    assert not strategy.can_resolve("No", MODEL, {})


def test_a_registry_knows_where_outputs_lie_however_the_quotes_are_written() -> None:
    flow = simulate(DEFINITION)
    strategy = RegistryStrategy(flow.registry)
    for path in (TRAIN, TRAIN.replace("'", '"')):
        assert strategy.resolve("Prep", path, {}) == flow.registry.get_step_output_path("Prep", "train")


def test_a_registry_does_not_give_a_place_for_a_property_that_is_none() -> None:
    strategy = RegistryStrategy(simulate(DEFINITION).registry)
    assert not strategy.can_resolve("Train", "OutputDataConfig.S3OutputPath", {})
    with pytest.raises(ExpressionError, match="no output of Train"):
        strategy.resolve("Train", "OutputDataConfig.S3OutputPath", {})


def test_a_planned_registry_knows_only_what_is_decided() -> None:
    bound = {"EXECUTION_S3_PREFIX": "s3://b/run"}
    strategy = RegistryStrategy(registry_of_definition(DEFINITION, bound))
    assert strategy.can_resolve("Prep", TRAIN, {})
    assert not strategy.can_resolve("Train", MODEL, {})
