"""The registry of an execution says what its jobs wrote, attempt by attempt."""

from __future__ import annotations

import dataclasses
import json

from seatrial.outputs import objects_of, registry_of
from seatrial.ports.executions import StepRecord, StepStatus
from tests.adapters.pipelines import PREFIX, condition, fail, join, json_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

OUTPUT = {"train": join(PREFIX, "prep", "train")}


def test_an_output_is_what_its_receipt_says() -> None:
    files = {"a/one.csv": b"1,2\n", "two.csv.gz": b"22"}
    definition = pipeline(processing("Prep", outputs=OUTPUT))
    registry = simulate(definition, {"Prep": Doing(writes={"train": files}, attempts=2)}).registry
    info = registry.get_step_output_info("Prep", "train")
    assert info is not None
    assert info.s3_uri == "s3://seatrial/cancer/abc123def456/prep/train"
    assert info.property_path == "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert info.data_type == "S3Uri"
    assert info.metadata["container_path"] == "/opt/ml/processing/train"
    assert (info.metadata["count"], info.metadata["bytes"], info.metadata["attempt"]) == (2, 6, 2)
    assert info.metadata["formats"] == ["csv", "csv.gz"]
    assert [entry["relative_key"] for entry in info.metadata["objects"]] == ["a/one.csv", "two.csv.gz"]
    assert all(entry["etag"] for entry in info.metadata["objects"])


def test_the_objects_come_back_as_they_were_stored() -> None:
    flow = simulate(pipeline(processing("Prep", outputs=OUTPUT)))
    info = flow.registry.get_step_output_info("Prep", "train")
    result = flow.record.steps[0].result
    assert info is not None
    assert result is not None
    assert objects_of(info) == result.outputs[0].objects


def test_a_model_is_listed_with_the_members_of_its_archive() -> None:
    registry = simulate(pipeline(training("Train"))).registry
    info = registry.get_step_output_info("Train", "model")
    assert info is not None
    assert info.data_type == "ModelArtifacts"
    assert info.metadata["output_type"] == "model_artifacts"
    assert info.metadata["objects"][0]["relative_key"] == "model.tar.gz"
    assert [member["name"] for member in info.metadata["members"]] == ["model.bin"]


def test_leftovers_of_an_earlier_run_are_not_outputs() -> None:
    definition = pipeline(processing("Prep", outputs=OUTPUT))
    first = simulate(definition, {"Prep": Doing(writes={"train": {"old.csv": b"1"}})})
    record = first.record.steps[0]
    assert record.result is not None
    receipt = record.result.outputs[0]
    leftover = dataclasses.replace(receipt, objects=(), existing=receipt.objects)
    result = dataclasses.replace(record.result, outputs=(leftover,))
    changed = dataclasses.replace(first.record, steps=(dataclasses.replace(record, result=result),))
    info = registry_of(changed, definition).get_step_output_info("Prep", "train")
    assert info is not None
    assert info.metadata["objects"] == []


def test_a_failed_step_shows_only_what_it_wrote_before_it_failed() -> None:
    outputs = {**OUTPUT, "test": join(PREFIX, "prep", "test")}
    doing = {"Prep": Doing(writes={"train": {}}, fails="AlgorithmError: , exit code: 1")}
    registry = simulate(pipeline(processing("Prep", outputs=outputs)), doing).registry
    assert list(registry.get_all_step_outputs("Prep")) == ["test"]
    assert registry.step_outputs["Prep"]["test"].metadata["step_status"] == "Failed"


def test_completion_counts_steps_and_leaves_out_the_branch_that_was_not_taken() -> None:
    definition = pipeline(
        processing("Look", outputs={"r": join(PREFIX, "r")}, property_files={"R": ("r", "r.json")}),
        condition(
            "Choose",
            json_of("Look", "R", "auc"),
            [processing("More", outputs={"a": join(PREFIX, "a"), "b": join(PREFIX, "b")})],
            [fail("Refuse")],
        ),
    )
    metadata = simulate(definition).registry.execution_metadata
    assert metadata is not None
    assert (metadata.completed_steps, metadata.total_steps) == (3, 3)
    assert metadata.is_complete()
    failed = simulate(definition, {"More": Doing(fails="AlgorithmError: ")}).registry.execution_metadata
    assert failed is not None
    assert (failed.completed_steps, failed.total_steps) == (2, 3)
    assert not failed.is_complete()


def test_the_execution_gives_its_name_and_its_times() -> None:
    flow = simulate(pipeline(processing("Prep", outputs=OUTPUT)))
    metadata = flow.registry.execution_metadata
    assert metadata is not None
    assert (metadata.pipeline_name, metadata.execution_id) == ("cancer", "abc123def456")
    assert (metadata.start_time, metadata.end_time) == (flow.record.started_at, flow.record.ended_at)
    info = flow.registry.step_outputs["Prep"]["train"]
    assert info.timestamp == flow.record.steps[0].ended_at


def test_the_job_type_is_read_from_the_request_as_it_was_resolved() -> None:
    definition = pipeline(
        processing("Prep", outputs=OUTPUT, arguments=["--job_type", {"Get": "Parameters.Job"}]),
        parameters={"Job": "calibration"},
    )
    assert simulate(definition).registry.step_outputs["Prep"]["train"].job_type == "calibration"


def test_a_step_that_runs_or_never_had_a_job_has_no_outputs() -> None:
    flow = simulate(pipeline(processing("Prep", outputs=OUTPUT)))
    running = StepRecord("Prep", "Processing", StepStatus.EXECUTING, started_at=flow.record.started_at)
    registry = registry_of(dataclasses.replace(flow.record, steps=(running,)), flow.definition)
    assert registry.list_all_steps() == []


def test_the_manifest_of_a_run_is_plain_json() -> None:
    manifest = simulate(
        pipeline(processing("Prep", outputs=OUTPUT), training("Train"))
    ).registry.export_to_manifest()
    assert json.loads(json.dumps(manifest)) == manifest


def test_an_archive_that_nobody_declared_and_nothing_was_put_in_is_no_output() -> None:
    assert list(simulate(pipeline(training("Train"))).registry.get_all_step_outputs("Train")) == ["model"]
