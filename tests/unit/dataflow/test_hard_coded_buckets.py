"""ST125: buckets that are written out where others are parameters."""

from __future__ import annotations

import pytest

from seatrial.dataflow import judge, judge_definition
from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding, Severity
from tests.adapters.pipelines import PREFIX, Json, join, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import codes, only

RAW: Json = {"Get": "Parameters.Raw"}
TEXT = "s3://team-data/lookup.csv"


def found_in(*steps: dict[str, Json], prefix: bool = True) -> list[Finding]:
    return judge_definition(pipeline(*steps, parameters={"Raw": "s3://data/raw/"}, prefix=prefix))


def prep(**more: Json) -> dict[str, Json]:
    return processing("Prep", {"raw": RAW}, {"train": join(PREFIX, "train")}, **more)


@pytest.mark.parametrize(
    ("step", "where"),
    [
        (prep(arguments=["--lookup", TEXT]), "AppSpecification/ContainerArguments/1"),
        (prep(arguments=[f"--lookup={TEXT}"]), "AppSpecification/ContainerArguments/0"),
        (prep(environment={"LOOKUP": TEXT}), "Environment/LOOKUP"),
        (prep(environment={"LOOKUP": "s3a://team-data/lookup"}), "Environment/LOOKUP"),
        (training("Fit", hyperparameters={"lookup": f'"{TEXT}"'}), "HyperParameters/lookup"),
    ],
    ids=["an argument", "an option", "a variable", "for Spark", "a hyperparameter"],
)
def test_a_bucket_in_what_a_step_is_told_is_a_warning(step: dict[str, Json], where: str) -> None:
    found = only(found_in(step), "ST125")
    assert (found.severity, found.where) == (Severity.WARNING, f"/Steps/0/Arguments/{where}")
    assert "team-data/lookup" in str(found.observed)


@pytest.mark.parametrize(
    "value",
    [
        RAW,
        join(RAW, "lookup.csv"),
        join("s3://team-data", {"Get": "Execution.PipelineExecutionId"}),
        "/opt/ml/processing/lookup.csv",
        "https://example.com/s3/lookup",
        "s3",
        "s3://",
        "s3://sagemaker-sample-files/datasets/tabular/churn.csv",
        "s3://jumpstart-cache-prod-us-east-1/source-directory-tarballs/x.tar.gz",
    ],
    ids=[
        "a parameter",
        "a join",
        "an execution's own",
        "a path",
        "a page",
        "a word",
        "no bucket",
        "everybody's samples",
        "everybody's models",
    ],
)
def test_what_can_be_told_otherwise_and_what_is_no_bucket_is_well(value: Json) -> None:
    assert found_in(prep(environment={"LOOKUP": value})) == []


def test_what_the_sdk_writes_is_well() -> None:
    generated = {"sagemaker_submit_directory": f'"{TEXT}"', "sagemaker_s3_output": f'"{TEXT}"'}
    code = processing("Run", {"raw": RAW, "code": TEXT, "analysis_config": TEXT})
    assert found_in(training("Train", hyperparameters=generated), code) == []


def test_an_input_is_a_note_where_another_can_be_told() -> None:
    found = only(found_in(prep(), processing("More", {"extra": TEXT})), "ST125")
    assert (found.severity, found.step) == (Severity.NOTE, "More")
    assert "reads its input 'extra' from a bucket that is written out" in found.message


def test_an_input_is_well_where_none_can_be_told() -> None:
    alone = pipeline(processing("Prep", {"raw": TEXT}, {"train": join(PREFIX, "train")}))
    assert judge_definition(alone) == []


def test_a_parameter_of_something_else_does_not_make_inputs_notes() -> None:
    definition = pipeline(
        processing("Prep", {"raw": TEXT}, arguments=[{"Get": "Parameters.Mode"}]),
        parameters={"Mode": "fast"},
    )
    assert judge_definition(definition) == []


def test_a_place_that_a_step_writes_is_said_as_that() -> None:
    definition = pipeline(
        processing("One", outputs={"a": "s3://team-data/a"}),
        processing("Two", environment={"A": "s3://team-data/a"}, depends_on=("One",)),
    )
    assert sorted(codes(judge_definition(definition))) == ["ST104", "ST126"]


def test_the_prefix_of_the_day_in_what_a_script_is_told_is_a_warning() -> None:
    step = processing(
        "Prep",
        outputs={"train": join(PREFIX, "train")},
        arguments=["--to", "s3://mine/base/train"],
    )
    definition = pipeline(step, prefix_default="s3://mine/base")
    assert codes(judge_definition(definition)) == ["ST125"]
    assert codes(judge_definition(definition, {"EXECUTION_S3_PREFIX": "s3://other"})) == ["ST125"]


def without_prefix(output: Json) -> PipelineDefinition:
    return pipeline(
        processing("One", outputs={"a": join({"Get": "Parameters.Out"}, "a")}),
        processing("Two", outputs={"b": output}, environment={"LOOKUP": TEXT}),
        parameters={"Out": "s3://mine"},
        prefix=False,
    )


def test_without_the_prefix_everything_is_a_note() -> None:
    found = judge_definition(without_prefix("s3://team-data/b"))
    assert [(each.code, each.severity) for each in found] == [("ST125", Severity.NOTE)] * 2
    assert codes(judge(simulate(without_prefix("s3://team-data/b")))) == ["ST125", "ST125"]


def test_without_any_parameter_for_a_place_nothing_is_said() -> None:
    definition = pipeline(
        processing("One", {"raw": TEXT}, {"a": "s3://team-data/a"}, environment={"LOOKUP": TEXT}),
        parameters={"Rows": "5"},
        prefix=False,
    )
    assert judge_definition(definition) == []
