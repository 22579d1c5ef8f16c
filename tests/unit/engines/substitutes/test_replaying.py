"""The outcome of a recorded job, given again at the places that another execution declares."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.substitutes.replaying import moved
from seatrial.ports.jobs import JobResult, OutputReceipt
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.unit.engines.native.requests import (
    processing_output,
    processing_parameters,
    training_parameters,
)
from tests.unit.engines.substitutes.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def recorded(bench: Bench, name: str, uri: str, *keys: str, **describe: Any) -> JobResult:
    """A job that wrote the objects."""
    objects = tuple(bench.store.write(S3Uri("bucket", key), key.encode()) for key in keys)
    return JobResult(describe, outputs=(OutputReceipt(name, uri, "", "", "S3Uri", objects),))


def replayed(bench: Bench, kind: Any, parameters: dict[str, Any], before: JobResult) -> JobResult:
    request = bench.request(kind, parameters, Substitute(execution="exec00000001"))
    return bench.engine.run(replace(request, recorded=before), lambda progress: None)


def to(uri: str) -> dict[str, Any]:
    return processing_parameters(ProcessingOutputConfig={"Outputs": [processing_output("train", uri)]})


def test_objects_are_copied_to_where_this_execution_declares_them(bench: Bench) -> None:
    before = recorded(bench, "train", "s3://bucket/one/train", "one/train/a.csv", "one/train/deep/b.csv")
    result = replayed(bench, "Processing", to("s3://bucket/two/train/"), before)

    (train,) = result.outputs
    assert [item.key for item in train.objects] == ["two/train/a.csv", "two/train/deep/b.csv"]
    assert bench.text("s3://bucket/two/train/deep/b.csv") == "one/train/deep/b.csv"
    assert [item.name for item in (bench.folder / "attempt").iterdir()] == ["log.txt"]


def test_an_output_of_a_fixed_place_stays_where_it_is(bench: Bench) -> None:
    before = recorded(bench, "train", "s3://bucket/train", "train/a.csv")
    result = replayed(bench, "Processing", to("s3://bucket/train"), before)
    assert result.outputs[0].objects == before.outputs[0].objects
    assert bench.store.uploads == []


def test_what_only_the_job_knew_is_told_again_and_its_own_name_is_not(bench: Bench) -> None:
    old = "s3://bucket/one/pipelines-old/output/model.tar.gz"
    before = recorded(
        bench,
        "model",
        old,
        "one/pipelines-old/output/model.tar.gz",
        TrainingJobName="pipelines-old",
        ModelArtifacts={"S3ModelArtifacts": old},
        FinalMetricDataList=[{"MetricName": "auc", "Value": 0.9}],
    )
    result = replayed(bench, "Training", training_parameters(), before)

    new = "s3://bucket/models/job-1/output/model.tar.gz"
    assert result.describe["FinalMetricDataList"] == [{"MetricName": "auc", "Value": 0.9}]
    assert result.describe["TrainingJobName"] == "job-1"
    assert result.describe["ModelArtifacts"] == {"S3ModelArtifacts": new}
    assert bench.text(new) == "one/pipelines-old/output/model.tar.gz"


def test_a_job_of_no_kind_keeps_its_properties_and_its_places(bench: Bench) -> None:
    before = recorded(bench, "best", "s3://bucket/best", "best/model.tar.gz", Best="s3://bucket/best")
    result = replayed(bench, "Substitute", {}, before)
    assert dict(result.describe) == {"Best": "s3://bucket/best"}
    assert result.outputs == before.outputs


def test_an_object_that_left_the_store_fails_the_job(bench: Bench) -> None:
    before = recorded(bench, "train", "s3://bucket/one/train", "one/train/a.csv")
    bench.store.delete([S3Uri.parse("s3://bucket/one/train/a.csv")])
    result = replayed(bench, "Processing", to("s3://bucket/two/train"), before)
    assert result.describe["ProcessingJobStatus"] == "Failed"
    assert "Failed to replay" in result.describe["FailureReason"]


def test_what_was_overwritten_in_its_fixed_place_is_not_told_of_as_the_jobs(bench: Bench) -> None:
    before = recorded(bench, "train", "s3://bucket/train", "train/a.csv")
    bench.store.write(S3Uri("bucket", "train/a.csv"), b"of somebody else")
    result = replayed(bench, "Processing", to("s3://bucket/train"), before)
    assert (result.describe["ProcessingJobStatus"], result.outputs) == ("Failed", ())
    assert "s3://bucket/train/a.csv is not as it was written" in result.describe["FailureReason"]


def test_a_place_within_another_output_is_led_to_its_own_copy() -> None:
    outer, inner = (
        OutputReceipt(name, f"s3://bucket/{place}", "", "", "S3Uri", ())
        for name, place in (("all", "old"), ("best", "old/best"))
    )
    before = JobResult({"Best": "s3://bucket/old/best/a", "All": "s3://bucket/old/b"}, outputs=(outer, inner))
    now = (replace(outer, s3_uri="s3://bucket/new"), inner)
    assert moved(before, now) == {"Best": "s3://bucket/old/best/a", "All": "s3://bucket/new/b"}


def test_no_name_of_an_output_leads_out_of_the_jobs_folder(bench: Bench) -> None:
    before = recorded(bench, "../../../train", "s3://bucket/one/train", "one/train/a.csv")
    output = processing_output("../../../train", "s3://bucket/two/train")
    parameters = processing_parameters(ProcessingOutputConfig={"Outputs": [output]})
    replayed(bench, "Processing", parameters, before)
    assert bench.text("s3://bucket/two/train/a.csv") == "one/train/a.csv"
    assert [item.name for item in bench.folder.iterdir()] == ["attempt"]
