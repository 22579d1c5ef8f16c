"""What must be there before a pipeline can run."""

from __future__ import annotations

from seatrial.dataflow import external_inputs
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, register, training
from tests.unit.dataflow.test_clean_pipelines import CODE, SOURCES, train_evaluate_register


def test_data_code_and_sources_are_listed_once_with_all_their_readers() -> None:
    found = external_inputs(train_evaluate_register())
    assert [(item.uri, item.kind, item.readers) for item in found] == [
        ("s3://cancer/raw/", "data", ("Preprocess",)),
        (CODE, "code", ("Preprocess", "Evaluate")),
        (SOURCES.strip('"'), "code", ("Train",)),
    ]


def test_a_location_says_which_parameters_decide_it_and_where_it_stands() -> None:
    (raw, *_) = external_inputs(train_evaluate_register(), {"RawData": "s3://mine/raw"})
    assert raw.uri == "s3://mine/raw"
    assert raw.parameters == ("RawData",)
    assert raw.pointers == ("/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri",)


def test_what_is_decided_during_the_run_is_shown_in_braces_and_has_no_uri() -> None:
    place = join("s3://in", {"Get": "Execution.PipelineExecutionId"})
    (found,) = external_inputs(pipeline(processing("Use", {"in": place})))
    assert found.uri is None
    assert found.text == "s3://in/{Execution.PipelineExecutionId}"


def test_a_parameter_without_a_value_is_shown_in_braces() -> None:
    definition = pipeline(processing("Use", {"in": {"Get": "Parameters.Raw"}}), parameters={"Raw": None})
    (found,) = external_inputs(definition)
    assert (found.uri, found.text) == (None, "{Parameters.Raw}")


def test_every_kind_of_read_counts() -> None:
    definition = pipeline(
        processing("Local", {"in": "file:///data/in"}),
        training("Train", {"train": "s3://data/train"}),
        register("Register", "s3://models/model.tar.gz", report="s3://reports/metrics.json"),
        processing("Use", arguments=[{"Std:JsonGet": {"S3Uri": "s3://limits/limits.json", "Path": "auc"}}]),
    )
    found = external_inputs(definition)
    assert [(item.text, item.kind, item.local) for item in found] == [
        ("file:///data/in", "data", True),
        ("s3://data/train", "data", False),
        ("s3://models/model.tar.gz", "model", False),
        ("s3://reports/metrics.json", "data", False),
        ("s3://limits/limits.json", "json", False),
    ]


def test_what_a_step_writes_is_not_external_however_it_is_named() -> None:
    definition = pipeline(
        processing("Prep", outputs={"train": "s3://data/out"}),
        training("One", {"train": output_of("Prep", "train")}),
        training("Two", {"train": "s3://data/out/part-0.csv"}),
        processing("Three", {"in": join(output_of("Prep", "train"), "deep")}),
    )
    assert external_inputs(definition) == []


def test_sources_in_a_bucket_whose_root_a_training_job_writes_to_are_external() -> None:
    definition = pipeline(
        training("Train", {"train": "s3://session/data"}, "s3://session/"),
    )
    assert [item.uri for item in external_inputs(definition)] == ["s3://session/data"]


def test_sources_inside_the_container_are_no_location() -> None:
    definition = pipeline(
        training("Train", output=PREFIX, hyperparameters={"sagemaker_submit_directory": "/opt/ml/code"})
    )
    assert external_inputs(definition) == []
