"""ST126: another step's output as text, where the order is kept all the same."""

from __future__ import annotations

import pytest

from seatrial.dataflow import judge, judge_definition
from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Severity
from tests.adapters.pipelines import (
    PREFIX,
    Json,
    condition,
    join,
    output_of,
    pipeline,
    processing,
    training,
)
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import codes, only

PLACE = join(PREFIX, "prep", "train")
CHANNEL = "/Steps/1/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri"


def reading(location: Json, *, depends_on: tuple[str, ...] = ("Prep",)) -> PipelineDefinition:
    return pipeline(
        processing("Prep", outputs={"train": PLACE}),
        training("Train", {"train": location}, depends_on=depends_on),
    )


def test_the_same_join_on_both_ends_is_a_warning_with_the_reference_to_write() -> None:
    found = only(judge_definition(reading(PLACE)), "ST126")
    assert (found.severity, found.step, found.where) == (Severity.WARNING, "Train", CHANNEL)
    assert found.also == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"
    assert found.expected == "{Steps.Prep.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri}"
    assert "Train names the place of Prep.train in 'train', as text" in found.message


def test_a_place_inside_the_output_wants_a_join() -> None:
    found = only(judge_definition(reading(join(PREFIX, "prep", "train", "part-0.csv"))), "ST126")
    assert str(found.expected).startswith("a Join that begins with {Steps.Prep.")


def test_it_is_said_once_before_and_after_the_run() -> None:
    assert codes(judge(simulate(reading(PLACE)))) == ["ST126"]


def test_without_the_order_it_is_a_race_and_nothing_else() -> None:
    assert codes(judge_definition(reading(PLACE, depends_on=()))) == ["ST109"]


@pytest.mark.parametrize(
    "location",
    [output_of("Prep", "train"), join(output_of("Prep", "train"), "part-0.csv"), join(PREFIX, "prep")],
    ids=["a reference", "a join with one", "a wider place"],
)
def test_what_follows_the_output_and_what_is_wider_are_well(location: Json) -> None:
    assert "ST126" not in codes(judge_definition(reading(location)))


def test_a_mention_in_an_argument_is_a_note() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": PLACE}),
        processing("Look", arguments=["--at", PLACE], depends_on=("Prep",)),
    )
    found = only(judge_definition(definition), "ST126")
    assert (found.severity, found.where) == (
        Severity.NOTE,
        "/Steps/1/Arguments/AppSpecification/ContainerArguments/1",
    )


def test_a_step_may_tell_its_script_of_its_own_output() -> None:
    definition = pipeline(processing("Prep", outputs={"train": PLACE}, arguments=["--to", PLACE]))
    assert judge_definition(definition) == []


def test_checkpoints_that_a_later_job_goes_on_from_are_well() -> None:
    place: Json = {"CheckpointConfig": {"S3Uri": join(PREFIX, "checkpoints")}}
    definition = pipeline(
        training("One", **place),
        training("Two", {"checkpoint": join(PREFIX, "checkpoints")}, depends_on=("One",)),
    )
    assert judge_definition(definition) == []


def test_branches_of_which_one_runs_do_not_read_one_another() -> None:
    definition = pipeline(
        condition(
            "Choose",
            1,
            [processing("Small", outputs={"train": PLACE})],
            [training("Train", {"train": PLACE})],
        )
    )
    assert judge_definition(definition) == []
