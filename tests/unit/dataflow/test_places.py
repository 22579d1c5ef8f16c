"""Where outputs lie: outside the prefix, frozen, on one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.dataflow import judge, judge_definition
from seatrial.dataflow.places import relation, within
from seatrial.ports.findings import Severity
from tests.adapters.pipelines import PREFIX, join, model_of, output_of, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import codes, only

UNDER = {
    "the parameter itself": PREFIX,
    "a join that begins with it": join(PREFIX, "a", "b"),
    "joined without a separator": join(PREFIX, "/a", on=""),
    "a join inside a join": join(join(PREFIX, "a"), "b"),
    "an empty text before it": join("", PREFIX, "/a", on=""),
}
OUTSIDE = {
    "a plain text": "s3://elsewhere/data",
    "another parameter": join({"Get": "Parameters.Bucket"}, "a"),
    "the session's bucket": join("s3:/", "bucket", {"Get": "Execution.PipelineExecutionId"}, "a"),
    "a bucket that begins alike": "s3://seatrial/cancer/abc123def456-other/x",
}


@pytest.mark.parametrize("name", UNDER)
def test_a_location_that_begins_with_the_prefix_is_well(name: str) -> None:
    definition = pipeline(processing("Prep", outputs={"train": UNDER[name]}))
    assert judge_definition(definition) == []
    assert judge(simulate(definition)) == []


@pytest.mark.parametrize("name", OUTSIDE)
def test_any_other_location_is_outside_before_and_after_the_run(name: str) -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": OUTSIDE[name]}), parameters={"Bucket": "s3://mine"}
    )
    assert codes(judge_definition(definition)) == ["ST104"]
    findings = judge(simulate(definition))
    assert codes(findings) == ["ST104"]
    assert findings[0].severity is Severity.ERROR
    assert findings[0].where == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"


def test_a_definition_without_the_parameter_may_write_anywhere() -> None:
    definition = pipeline(processing("Prep", outputs={"train": "s3://elsewhere/data"}), prefix=False)
    assert judge_definition(definition) == []
    assert judge(simulate(definition)) == []


def test_a_prefix_that_became_text_at_compile_time_is_frozen() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": "s3://mine/base/train"}), prefix_default="s3://mine/base"
    )
    assert codes(judge_definition(definition)) == ["ST105"]
    assert codes(judge_definition(definition, {"EXECUTION_S3_PREFIX": "s3://other"})) == ["ST104"]


def test_a_location_that_a_step_decides_is_judged_once_it_is_known() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": "s3://elsewhere/data"}),
        processing("More", outputs={"more": join(output_of("Prep", "train"), "more")}),
    )
    assert [f.step for f in judge_definition(definition) if f.code == "ST104"] == ["Prep"]
    assert [f.step for f in judge(simulate(definition)) if f.code == "ST104"] == ["Prep", "More"]


def test_the_model_of_a_training_job_is_held_to_the_prefix_too() -> None:
    definition = pipeline(training("Train", output="s3://elsewhere/models"))
    assert (
        only(judge(simulate(definition)), "ST104").where == "/Steps/0/Arguments/OutputDataConfig/S3OutputPath"
    )


@pytest.mark.parametrize("program", ["_repack_model.py", "_repack_script_launcher.sh"])
def test_a_step_that_the_sdk_wrote_to_repack_a_model_is_only_a_warning(program: str) -> None:
    repack = training(
        "M-RepackModel-0",
        {"training": model_of("Train")},
        "s3://bucket/",
        hyperparameters={"sagemaker_program": f'"{program}"'},
    )
    found = only(judge_definition(pipeline(training("Train"), repack)), "ST104")
    assert found.severity is Severity.WARNING


def test_two_slashes_in_a_row_are_a_warning_unless_the_prefix_alone_brings_them() -> None:
    steps = (
        processing("Well", outputs={"train": join(PREFIX, "train")}),
        processing("Prep", outputs={"train": join(PREFIX, {"Get": "Parameters.Folder"}, "x")}),
        training("Train", output=join(PREFIX, "", "models")),
    )
    definition = pipeline(*steps, parameters={"Folder": "f/"}, prefix_default="s3://mine/base/")
    found = judge_definition(definition)
    assert [(each.code, each.step, each.severity) for each in found] == [
        ("ST114", "Prep", Severity.WARNING),
        ("ST114", "Train", Severity.WARNING),
    ]
    assert found[0].observed == "s3://mine/base/f//x"


def test_two_steps_on_one_place_are_an_error_with_both_ends() -> None:
    definition = pipeline(
        processing("One", outputs={"a": join(PREFIX, "metrics")}),
        processing("Two", outputs={"b": join(PREFIX, "metrics/")}),
    )
    found = only(judge_definition(definition), "ST106")
    assert found.severity is Severity.ERROR
    assert (found.where, found.also) == (
        "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri",
        "/Steps/1/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri",
    )
    assert codes(judge(simulate(definition))) == ["ST106"]


def test_two_outputs_of_one_step_on_one_place_are_a_warning() -> None:
    definition = pipeline(processing("One", outputs={"a": join(PREFIX, "m"), "b": join(PREFIX, "m")}))
    assert only(judge_definition(definition), "ST106").severity is Severity.WARNING


def test_two_jobs_that_share_checkpoints_at_the_same_time_are_an_error() -> None:
    shared = {"CheckpointConfig": {"S3Uri": join(PREFIX, "checkpoints")}}
    definition = pipeline(training("One", **shared), training("Two", **shared))
    found = only(judge_definition(definition), "ST106")
    assert found.severity is Severity.ERROR
    assert found.where == "/Steps/0/Arguments/CheckpointConfig/S3Uri"


def test_an_output_inside_another_is_a_warning_said_once() -> None:
    definition = pipeline(
        processing("Split", outputs={"test": join(PREFIX, "data", "test")}),
        processing("Prep", outputs={"all": join(PREFIX, "data")}),
    )
    findings = judge(simulate(definition))
    assert codes(findings) == ["ST107"]
    assert findings[0].step == "Split"


def test_places_that_only_become_one_during_the_run_are_seen_then() -> None:
    definition = pipeline(
        processing("One", outputs={"a": join(PREFIX, "m")}),
        processing("Two", outputs={"b": output_of("One", "a")}),
    )
    assert judge_definition(definition) == []
    assert codes(judge(simulate(definition))) == ["ST106"]


def test_names_that_begin_alike_are_apart() -> None:
    definition = pipeline(
        processing("One", outputs={"a": join(PREFIX, "train"), "b": join(PREFIX, "train_raw")}),
    )
    assert judge_definition(definition) == []


SEGMENTS = st.lists(st.text("ab-", min_size=1, max_size=2), min_size=1, max_size=4)


@given(SEGMENTS, SEGMENTS, st.booleans())
def test_relation_is_about_whole_segments_and_has_two_sides(
    one: list[str], other: list[str], slash: bool
) -> None:
    left, right = f"s3://b/{'/'.join(one)}" + "/" * slash, f"s3://b/{'/'.join(other)}"
    opposite = {"same": "same", "under": "above", "above": "under", None: None}
    assert relation(right, left) == opposite[relation(left, right)]
    assert within(left, right) == (one[: len(other)] == other)
