"""Outputs found by what they are, and counted."""

from __future__ import annotations

import json

from seatrial.outputs import S3OutputPathRegistry
from seatrial.outputs.discovery import Outputs, PipelineOutputDiscovery
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import simulate

DEFINITION = pipeline(
    processing("Prep-Training", outputs={"data": join(PREFIX, "a"), "report": join(PREFIX, "b")}),
    processing("Prep-Validation", outputs={"data": join(PREFIX, "c")}),
    training("Fit"),
)


def names(found: Outputs) -> dict[str, list[str]]:
    return {step: [info.logical_name for info in infos] for step, infos in found.items()}


def discovery() -> PipelineOutputDiscovery:
    return PipelineOutputDiscovery(simulate(DEFINITION).registry)


def test_all_outputs_by_step() -> None:
    assert names(discovery().discover_all_outputs()) == {
        "Prep-Training": ["data", "report"],
        "Prep-Validation": ["data"],
        "Fit": ["model"],
    }


def test_by_job_type_data_type_and_step_type() -> None:
    found = discovery()
    assert names(found.discover_outputs_by_job_type("validation")) == {"Prep-Validation": ["data"]}
    assert names(found.discover_outputs_by_job_type(None)) == {"Fit": ["model"]}
    assert names(found.discover_outputs_by_data_type("ModelArtifacts")) == {"Fit": ["model"]}
    assert list(found.discover_outputs_by_step_type("Processing")) == ["Prep-Training", "Prep-Validation"]
    assert found.discover_outputs_by_step_type("Transform") == {}


def test_the_manifest_counts_what_there_is() -> None:
    manifest = discovery().create_output_manifest()
    assert json.loads(json.dumps(manifest)) == manifest
    assert manifest["pipeline_metadata"]["pipeline_name"] == "cancer"
    summary = manifest["summary"]
    assert (summary["total_steps"], summary["total_outputs"], summary["total_objects"]) == (3, 4, 4)
    assert summary["job_types"] == {"training": 2, "validation": 1}
    assert summary["data_types"] == {"S3Uri": 3, "ModelArtifacts": 1}
    assert summary["step_types"] == {"Processing": 3, "Training": 1}
    line = manifest["outputs_by_step"]["Prep-Training"][0]
    assert (line["logical_name"], line["objects"], line["bytes"]) == ("data", 1, 4)


def test_an_empty_registry_has_an_empty_manifest() -> None:
    manifest = PipelineOutputDiscovery(S3OutputPathRegistry()).create_output_manifest()
    assert manifest["pipeline_metadata"] is None
    assert manifest["summary"]["total_outputs"] == 0
