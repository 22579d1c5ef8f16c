"""The registry of a bare definition: what would be written, as far as that is known."""

from __future__ import annotations

import pytest

from seatrial.outputs import known_of, registry_of_definition, text_of
from tests.adapters.pipelines import PREFIX, Json, join, model_of, pipeline, processing, training


def test_planned_outputs_show_what_is_unknown_in_braces() -> None:
    definition = pipeline(
        processing("Prep-Training", outputs={"train": join(PREFIX, "prep", "train")}), training("Train")
    )
    registry = registry_of_definition(definition)
    info = registry.step_outputs["Prep-Training"]["train"]
    assert info.s3_uri == "{Parameters.EXECUTION_S3_PREFIX}/prep/train"
    assert info.job_type == "training"
    assert info.metadata["planned"] is True
    model = registry.step_outputs["Train"]["model"]
    assert model.s3_uri == "{Parameters.EXECUTION_S3_PREFIX}/Train/{job name}/output/model.tar.gz"
    assert model.data_type == "ModelArtifacts"


def test_bound_parameters_are_filled_in() -> None:
    definition = pipeline(processing("Prep", outputs={"train": join(PREFIX, "a")}))
    registry = registry_of_definition(
        definition, {"EXECUTION_S3_PREFIX": "s3://mine"}, pipeline_name="cancer"
    )
    assert registry.get_step_output_path("Prep", "train") == "s3://mine/a"
    assert registry.execution_metadata is not None
    assert registry.execution_metadata.pipeline_name == "cancer"
    assert not registry.execution_metadata.is_complete()


@pytest.mark.parametrize(
    ("value", "text", "complete"),
    [
        ("s3://a/b", "s3://a/b", True),
        (join("s3:/", "a", {"Get": "Parameters.Name"}), "s3://a/n", True),
        (join("s3://a", {"Get": "Execution.PipelineName"}), "s3://a/{Execution.PipelineName}", False),
        (model_of("Train"), "{Steps.Train.ModelArtifacts.S3ModelArtifacts}", False),
        ({"Std:JsonGet": {"S3Uri": "s3://a/b.json", "Path": "x"}}, "{Std:JsonGet}", False),
    ],
)
def test_the_text_of_a_value_before_the_run(value: Json, text: str, complete: bool) -> None:
    definition = pipeline(training("Train"), parameters={"Name": "n"})
    found = text_of(value, known_of(definition))
    assert (found.text, found.complete) == (text, complete)
