"""Local data in the place of a job: where it lies, what the receipts say, what is described."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from seatrial.definition.service_model import named_shape, project
from seatrial.engines.substitutes.giving import property_path_of
from seatrial.ports.jobs import JobProgress
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.unit.engines.native.requests import (
    processing_output,
    processing_parameters,
    training_parameters,
)
from tests.unit.engines.substitutes.bench import Bench

LOADING = processing_parameters(
    ProcessingOutputConfig={
        "Outputs": [
            processing_output("DATA", "s3://bucket/run/data"),
            processing_output("METADATA", "s3://bucket/run/metadata"),
        ]
    }
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_folder_becomes_the_output_as_if_the_job_had_written_it(bench: Bench) -> None:
    bench.local("data/day=1/rows.csv", "a,b\n")
    bench.local("data/rows.csv")
    result = bench.run("Processing", LOADING, outputs={"DATA": str(bench.folder / "local" / "data")})

    data, metadata = result.outputs
    assert [item.key for item in data.objects] == ["run/data/day=1/rows.csv", "run/data/rows.csv"]
    assert bench.text("s3://bucket/run/data/day=1/rows.csv") == "a,b\n"
    assert data.property_path == "ProcessingOutputConfig.Outputs['DATA'].S3Output.S3Uri"
    assert (metadata.name, metadata.objects) == ("METADATA", ())
    assert bench.inner.requests == []


def test_a_file_keeps_its_name_beneath_the_output(bench: Bench) -> None:
    result = bench.run("Processing", LOADING, outputs={"DATA": bench.local("one.csv")})
    assert [item.uri for item in result.outputs[0].objects] == ["s3://bucket/run/data/one.csv"]


def test_what_lay_there_before_is_not_taken_for_the_steps(bench: Bench) -> None:
    bench.store.write(S3Uri.parse("s3://bucket/run/data/old.csv"), b"old")
    result = bench.run("Processing", LOADING, outputs={"DATA": bench.local("one.csv")})
    assert [item.key for item in result.outputs[0].existing] == ["run/data/old.csv"]


def test_the_job_is_described_in_the_services_shape(bench: Bench) -> None:
    result = bench.run(
        "Processing",
        LOADING,
        outputs={"DATA": bench.local("one.csv")},
        properties={"ExitMessage": "24 rows"},
    )
    describe = result.describe
    assert (describe["ProcessingJobStatus"], describe["ExitMessage"]) == ("Completed", "24 rows")
    assert project("DescribeProcessingJobResponse", describe) == dict(describe)
    assert set(named_shape("DescribeProcessingJobResponse").required_members) <= describe.keys()
    log = (bench.folder / "attempt" / "log.txt").read_text()
    assert "no job ran; this step is substituted: local data for DATA" in log


def test_a_folder_given_for_a_model_is_packed_into_the_archive(bench: Bench) -> None:
    bench.local("model/model.json", "{}")
    result = bench.run(
        "Training", training_parameters(), outputs={"model": str(bench.folder / "local" / "model")}
    )

    model = result.outputs[0]
    uri = "s3://bucket/models/job-1/output/model.tar.gz"
    assert (model.s3_uri, result.describe["ModelArtifacts"]) == (uri, {"S3ModelArtifacts": uri})
    assert [member.name for member in model.members] == ["model.json"]
    with tarfile.open(fileobj=io.BytesIO(bench.store.read(S3Uri.parse(uri)))) as archive:
        assert archive.getnames() == ["model.json"]
    assert not list((bench.folder / "attempt").glob("*.tar.gz"))


def test_an_archive_given_for_a_model_is_the_model(bench: Bench) -> None:
    given = bench.folder / "model.tar.gz"
    with tarfile.open(given, "w:gz") as archive:
        archive.add(bench.local("model.json", "{}"), "model.json")
    result = bench.run("Training", training_parameters(), outputs={"model": str(given)})

    (stored,) = result.outputs[0].objects
    assert bench.store.read(S3Uri(stored.bucket, stored.key)) == given.read_bytes()
    assert [(member.name, member.size) for member in result.outputs[0].members] == [("model.json", 2)]


def test_a_model_that_is_no_archive_fails_the_job(bench: Bench) -> None:
    result = bench.run(
        "Training", training_parameters(), outputs={"model": bench.local("model.tar.gz", "no archive")}
    )
    assert result.describe["TrainingJobStatus"] == "Failed"
    assert "is not a gzipped tar archive" in result.describe["FailureReason"]


def test_data_that_has_gone_since_the_plan_fails_the_job(bench: Bench) -> None:
    result = bench.run("Processing", LOADING, outputs={"DATA": str(bench.folder / "gone")})
    assert result.describe["ProcessingJobStatus"] == "Failed"
    assert result.describe["FailureReason"].startswith("ClientError: Failed to read the substitute's data.")


def test_the_outputs_of_a_transform_are_given_under_one_name(bench: Bench) -> None:
    parameters = {
        "TransformJobName": "job-1",
        "ModelName": "nobody-made-it",
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}},
        "TransformOutput": {"S3OutputPath": "s3://bucket/scores"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    result = bench.run("Transform", parameters, outputs={"transform": bench.local("rows.csv.out")})
    assert [item.uri for item in result.outputs[0].objects] == ["s3://bucket/scores/rows.csv.out"]
    assert result.describe["TransformJobStatus"] == "Completed"


def test_a_job_of_no_kind_has_the_properties_that_are_given_and_receipts_for_its_objects(
    bench: Bench,
) -> None:
    model = "s3://bucket/automl/model.tar.gz"
    best = {"BestCandidate": {"InferenceContainers": [{"ModelDataUrl": model}]}}
    given = bench.local("best.tar.gz", "packed")
    result = bench.run("Substitute", {}, properties=best, objects={model: given})

    assert dict(result.describe) == best
    (receipt,) = result.outputs
    assert (receipt.name, receipt.property_path) == (
        "model.tar.gz",
        "BestCandidate.InferenceContainers[0].ModelDataUrl",
    )
    assert bench.text(model) == "packed"


def test_a_job_of_no_kind_whose_data_has_gone_is_refused(bench: Bench) -> None:
    result = bench.run("Substitute", {}, objects={"s3://bucket/x": str(bench.folder / "gone")})
    assert result.refusal is not None
    assert "Failed to read the substitute's data" in result.refusal


def test_an_output_into_a_feature_store_has_no_place_and_needs_none(bench: Bench) -> None:
    store = {"OutputName": "features", "FeatureStoreOutput": {"FeatureGroupName": "churn"}}
    outputs = [store, processing_output("DATA", "s3://bucket/run/data")]
    result = bench.run(
        "Processing",
        processing_parameters(ProcessingOutputConfig={"Outputs": outputs}),
        outputs={"DATA": bench.local("one.csv")},
    )
    assert [receipt.name for receipt in result.outputs] == ["DATA"]
    assert result.describe["ProcessingOutputConfig"]["Outputs"][0]["OutputName"] == "features"


def test_a_model_that_is_kept_unpacked_is_given_as_files(bench: Bench) -> None:
    folder = Path(bench.local("model/model.json", "{}")).parent
    parameters = training_parameters()
    parameters["OutputDataConfig"]["CompressionType"] = "NONE"
    result = bench.run("Training", parameters, outputs={"model": str(folder)})
    described = result.describe["ModelArtifacts"]["S3ModelArtifacts"]
    assert [item.uri for item in result.outputs[0].objects] == [f"{described}model.json"]


def test_a_stop_before_its_turn_gives_nothing(bench: Bench) -> None:
    def stop_at_once(progress: JobProgress) -> None:
        if progress.status == "Starting":
            bench.engine.stop("job-1")

    request = bench.request("Processing", LOADING, Substitute(outputs={"DATA": bench.local("one.csv")}))
    result = bench.engine.run(request, stop_at_once)
    assert result.describe["ProcessingJobStatus"] == "Stopped"
    assert bench.store.contents == {}


def test_an_output_of_a_processing_job_is_a_folder_whatever_it_is_called(bench: Bench) -> None:
    output = processing_output("DATA", "s3://bucket/run/data.tar.gz")
    parameters = processing_parameters(ProcessingOutputConfig={"Outputs": [output]})
    result = bench.run("Processing", parameters, outputs={"DATA": bench.local("one.csv")})
    assert [item.key for item in result.outputs[0].objects] == ["run/data.tar.gz/one.csv"]


def test_a_model_that_was_cut_short_is_told_as_what_it_is(bench: Bench) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("model.json"))
    broken = bench.folder / "model.tar.gz"
    broken.write_bytes(whole.getvalue()[:40])
    result = bench.run("Training", training_parameters(), outputs={"model": str(broken)})
    assert f"{broken} is not a gzipped tar archive" in result.describe["FailureReason"]


def test_an_object_belongs_to_the_property_that_names_it_and_to_no_other() -> None:
    assert property_path_of("s3://b/p", {"Other": "s3://b/pq", "It": "s3://b/p/x"}) == "It"
    assert property_path_of("s3://b/p/", {"Other": "s3://b/pq", "It": "s3://b/p"}) == "It"
