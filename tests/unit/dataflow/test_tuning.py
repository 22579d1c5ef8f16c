"""What a tuning job reads and writes, as the data flow sees it before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.dataflow import external_inputs
from seatrial.dataflow.flow import plan_of
from seatrial.definition import PipelineDefinition, parse
from seatrial.outputs import registry_of_definition

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture
def xgboost() -> PipelineDefinition:
    return parse((CORPUS / "tuned-xgboost" / "definition.json").read_bytes())


@pytest.fixture
def script() -> PipelineDefinition:
    return parse((CORPUS / "tuned-script" / "definition.json").read_bytes())


def test_the_channels_of_its_training_jobs_are_external_inputs(xgboost: PipelineDefinition) -> None:
    found = {each.uri: each for each in external_inputs(xgboost)}

    train = found["s3://my-bucket/train/"]
    assert train.readers == ("Tune",)
    assert train.pointers == (
        "/Steps/0/Arguments/TrainingJobDefinition/InputDataConfig/0/DataSource/S3DataSource/S3Uri",
    )
    assert set(found) == {
        "s3://my-bucket/train/",
        "s3://my-bucket/validation/",
        "s3://my-bucket/code/weigh.py",
    }


def test_so_is_the_code_that_the_sdk_hands_over_as_a_hyperparameter(script: PipelineDefinition) -> None:
    code = next(each for each in external_inputs(script) if each.kind == "code")

    assert code.uri == "s3://my-bucket/code/sourcedir.tar.gz"
    assert code.readers == ("Grid", "Both")
    assert code.pointers[0] == (
        "/Steps/0/Arguments/TrainingJobDefinition/StaticHyperParameters/sagemaker_submit_directory"
    )


def test_inputs_of_several_definitions_bear_their_names(script: PipelineDefinition) -> None:
    names = [read.name for read in plan_of(script).reads if (read.step, read.kind) == ("Both", "data")]

    assert sorted(names) == ["large.train", "small.train"]


def test_the_best_model_is_a_planned_output(xgboost: PipelineDefinition) -> None:
    info = registry_of_definition(xgboost).get_step_output_info("Tune", "model")

    assert info is not None
    assert info.s3_uri == "s3://my-bucket/tuned/{job name}/output/model.tar.gz"
    assert info.property_path == "TrainingJobSummaries[0].TrainingJobName"
    assert info.metadata["output_type"] == "model_artifacts"


def test_its_readers_are_known_before_the_run(xgboost: PipelineDefinition) -> None:
    plan = plan_of(xgboost)
    (model,) = (output for output in plan.outputs if output.step == "Tune")

    assert plan.consumers(model) == ("Create-CreateModel", "Weigh")
    assert plan.referred("Tune", "TrainingJobSummaries[1].TrainingJobName") == ("Tune", "model-1")
