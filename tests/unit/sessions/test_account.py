"""Executions of an AWS account, as the service's own answers describe them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.response import StreamingBody

import seatrial
from seatrial.errors import EnvironmentUnfitError, MissingObjectError, RefusedError, StorageError
from seatrial.outputs import S3OutputPathRegistry, objects_of
from seatrial.outputs.downloader import S3DataDownloader
from seatrial.outputs.fetching import Patience
from seatrial.outputs.resolution import PropertyResolutionService
from seatrial.sessions.account import AwsAccount
from tests.adapters.pipelines import join, pipeline, processing, training
from tests.unit.sessions.aws_account import ARN, ETAG, JOBS, NOON, Account, after, an_account

ROLE = "arn:aws:iam::123456789012:role/Pipeline"
RESOURCES = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}}
DEFINITION = pipeline(
    processing("Prep-Training", outputs={"train": join("s3://data/run", "train")}),
    training("Fit", output="s3://d"),
)


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as found:
        yield found


def a_step(name: str, metadata: dict[str, Any], status: str = "Succeeded", **more: Any) -> dict[str, Any]:
    times = {"StartTime": NOON, "EndTime": after(10)}
    return {"StepName": name, "StepStatus": status, "Metadata": metadata, **times, **more}


def lists(account: Account, *steps: dict[str, Any]) -> None:
    account.answers(
        "list_pipeline_execution_steps",
        {"PipelineExecutionSteps": list(steps)},
        PipelineExecutionArn=ARN,
        SortOrder="Ascending",
    )


PREP = a_step("Prep-Training", {"ProcessingJob": {"Arn": f"{JOBS}:processing-job/prep-1"}})
FIT = a_step("Fit", {"TrainingJob": {"Arn": f"{JOBS}:training-job/fit-1"}})


def describes_prep(account: Account) -> None:
    output = {
        "OutputName": "train",
        "S3Output": {"S3Uri": "s3://data/run/train", "LocalPath": "/opt/ml/out", "S3UploadMode": "EndOfJob"},
    }
    account.answers(
        "describe_processing_job",
        {
            "ProcessingJobName": "prep-1",
            "ProcessingJobArn": f"{JOBS}:processing-job/prep-1",
            "ProcessingJobStatus": "Completed",
            "ProcessingResources": RESOURCES,
            "AppSpecification": {"ImageUri": "image"},
            "ProcessingOutputConfig": {"Outputs": [output]},
            "CreationTime": NOON,
            "ProcessingEndTime": after(10),
        },
        ProcessingJobName="prep-1",
    )


def describes_fit(account: Account) -> None:
    account.answers(
        "describe_training_job",
        {
            "TrainingJobName": "fit-1",
            "TrainingJobArn": f"{JOBS}:training-job/fit-1",
            "TrainingJobStatus": "Completed",
            "SecondaryStatus": "Completed",
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            "OutputDataConfig": {"S3OutputPath": "s3://data/run/fit"},
            "ModelArtifacts": {"S3ModelArtifacts": "s3://data/run/fit/fit-1/output/model.tar.gz"},
            "CreationTime": NOON,
            "TrainingEndTime": after(10),
        },
        TrainingJobName="fit-1",
    )


def describes_execution(account: Account, status: str = "Succeeded") -> None:
    account.answers(
        "describe_pipeline_execution",
        {
            "PipelineArn": f"{JOBS}:pipeline/cancer",
            "PipelineExecutionArn": ARN,
            "PipelineExecutionStatus": status,
            "CreationTime": NOON,
            "LastModifiedTime": after(20),
        },
        PipelineExecutionArn=ARN,
    )


def describes_definition(account: Account) -> None:
    answer = {"PipelineDefinition": DEFINITION.text, "CreationTime": NOON}
    account.answers("describe_pipeline_definition_for_execution", answer, PipelineExecutionArn=ARN)


def has(account: Account, key: str) -> None:
    found = {"ContentLength": 7, "ETag": f'"{ETAG}"', "LastModified": after(9)}
    account.answers("head_object", found, Bucket="data", Key=key)


def a_registry(account: Account) -> S3OutputPathRegistry:
    lists(account, PREP, FIT)
    describes_prep(account)
    describes_fit(account)
    account.holds("run/train/", ("run/train/old.csv", after(-60)), ("run/train/a.csv", after(5)), more="next")
    account.stubs["s3"].add_response(
        "list_objects_v2",
        {
            "Contents": [
                {"Key": "run/train/b.csv", "Size": 4, "ETag": f'"{ETAG}"', "LastModified": after(5)},
                {"Key": "run/train/later.csv", "Size": 4, "ETag": f'"{ETAG}"', "LastModified": after(90)},
            ],
            "IsTruncated": False,
        },
        {"Bucket": "data", "Prefix": "run/train/", "ContinuationToken": "next"},
    )
    has(account, "run/fit/fit-1/output/model.tar.gz")
    account.refuses("head_object", "404", 404)
    describes_execution(account)
    describes_definition(account)
    return AwsAccount(account).registry(ARN)


def test_the_registry_holds_what_the_jobs_left(account: Account) -> None:
    registry = a_registry(account)
    assert {step: list(outputs) for step, outputs in registry.step_outputs.items()} == {
        "Prep-Training": ["train"],
        "Fit": ["model"],
    }
    train = registry.step_outputs["Prep-Training"]["train"]
    assert train.property_path == "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert (train.job_type, train.timestamp) == ("training", after(10))
    assert registry.get_step_output_path("Fit", "model") == "s3://data/run/fit/fit-1/output/model.tar.gz"


def test_objects_from_before_and_after_the_job_are_counted_and_not_taken(account: Account) -> None:
    train = a_registry(account).step_outputs["Prep-Training"]["train"]
    assert [stored.key for stored in objects_of(train)] == ["run/train/a.csv", "run/train/b.csv"]
    told = {key: train.metadata[key] for key in ("count", "bytes", "older_objects", "newer_objects")}
    assert told == {"count": 2, "bytes": 8, "older_objects": 1, "newer_objects": 1}


def test_the_execution_is_told_and_the_registry_survives_its_manifest(account: Account) -> None:
    registry = a_registry(account)
    metadata = registry.execution_metadata
    assert metadata is not None
    assert (metadata.pipeline_name, metadata.execution_id) == ("cancer", "abc123def456")
    assert metadata.is_complete()
    assert metadata.end_time == after(20)
    again = S3OutputPathRegistry()
    again.import_from_manifest(registry.export_to_manifest())
    assert again == registry


def test_a_running_execution_is_not_complete_and_a_step_without_objects_is_not_shown(
    account: Account,
) -> None:
    lists(account, {**PREP, "StepStatus": "Executing"})
    describes_prep(account)
    account.holds("run/train/", ("run/train/", after(1)))
    describes_execution(account, "Executing")
    describes_definition(account)
    registry = AwsAccount(account).registry(ARN)
    assert registry.step_outputs == {}
    assert registry.execution_metadata is not None
    assert (registry.execution_metadata.total_steps, registry.execution_metadata.end_time) == (2, None)


def test_a_definition_that_may_not_be_read_costs_only_the_number_of_steps(account: Account) -> None:
    lists(account, a_step("Check", {"Condition": {"Outcome": "True"}}))
    describes_execution(account)
    account.refuses("describe_pipeline_definition_for_execution", "AccessDeniedException")
    metadata = AwsAccount(account).registry(ARN).execution_metadata
    assert metadata is not None
    assert metadata.total_steps == 1


def test_a_step_taken_from_an_earlier_execution_says_so(account: Account) -> None:
    source = ARN.replace("abc123def456", "earlier00000")
    lists(account, {**PREP, "CacheHitResult": {"SourcePipelineExecutionArn": source}})
    describes_prep(account)
    account.holds("run/train/", ("run/train/a.csv", after(5)))
    describes_execution(account)
    describes_definition(account)
    info = AwsAccount(account).registry(ARN).step_outputs["Prep-Training"]["train"]
    assert info.metadata["reused_from"] == source


def test_the_model_of_a_tuning_step_is_that_of_its_best_job(account: Account) -> None:
    lists(account, a_step("Tune", {"TuningJob": {"Arn": f"{JOBS}:hyper-parameter-tuning-job/tune-1"}}))
    limits = {"MaxParallelTrainingJobs": 1}
    job = {
        "StaticHyperParameters": {},
        "AlgorithmSpecification": {"TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://data/run/tune"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    best = {
        "TrainingJobName": "fit-1",
        "TrainingJobArn": f"{JOBS}:training-job/fit-1",
        "CreationTime": NOON,
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {},
    }
    account.answers(
        "describe_hyper_parameter_tuning_job",
        {
            "HyperParameterTuningJobName": "tune-1",
            "HyperParameterTuningJobArn": f"{JOBS}:hyper-parameter-tuning-job/tune-1",
            "HyperParameterTuningJobConfig": {"Strategy": "Random", "ResourceLimits": limits},
            "HyperParameterTuningJobStatus": "Completed",
            "TrainingJobStatusCounters": {},
            "ObjectiveStatusCounters": {},
            "TrainingJobDefinition": job,
            "BestTrainingJob": best,
            "CreationTime": NOON,
        },
        HyperParameterTuningJobName="tune-1",
    )
    describes_fit(account)
    has(account, "run/fit/fit-1/output/model.tar.gz")
    describes_execution(account)
    describes_definition(account)
    found = AwsAccount(account).registry(ARN)
    assert found.get_step_output_path("Tune", "model") == "s3://data/run/fit/fit-1/output/model.tar.gz"


def test_properties_are_what_the_jobs_answered_and_each_job_is_asked_once(account: Account) -> None:
    parameters = [{"Name": "auc", "Value": "0.9"}]
    called = {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:f", "OutputParameters": parameters}
    lists(account, FIT, a_step("Call", {"Lambda": called}))
    describes_fit(account)
    service = PropertyResolutionService([AwsAccount(account).strategy(ARN)])
    model = service.resolve_property("Fit", "ModelArtifacts.S3ModelArtifacts")
    assert model == "s3://data/run/fit/fit-1/output/model.tar.gz"
    assert service.resolve_property("Fit", "CreationTime") == "2026-03-01T12:00:00+00:00"
    assert service.resolve_property("Call", "OutputParameters['auc']") == "0.9"
    strategy = AwsAccount(account).strategy(ARN)
    lists(account)
    assert not strategy.can_resolve("Fit", "ModelArtifacts", {})


def test_a_model_that_is_gone_by_now_does_not_keep_the_registry_from_being_made(account: Account) -> None:
    lists(account, a_step("Model", {"Model": {"Arn": f"{JOBS}:model/gone"}}))
    describes_execution(account)
    describes_definition(account)
    assert AwsAccount(account).registry(ARN).step_outputs == {}


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("ResourceNotFound", RefusedError, "knows no arn:aws"),
        ("AccessDeniedException", EnvironmentUnfitError, "was refused"),
        ("ThrottlingException", EnvironmentUnfitError, "was refused"),
    ],
)
def test_what_the_account_refuses_is_said(
    code: str, kind: type[Exception], said: str, account: Account
) -> None:
    account.refuses("list_pipeline_execution_steps", code)
    with pytest.raises(kind, match=said):
        AwsAccount(account).registry(ARN)


def test_an_object_comes_whole_and_only_as_it_was_listed(account: Account, tmp_path: Path) -> None:
    has(account, "run/x.bin")
    body = StreamingBody(io.BytesIO(b"content"), 7)
    asked = {"Bucket": "data", "Key": "run/x.bin", "IfMatch": f'"{ETAG}"'}
    account.answers("get_object", {"Body": body}, **asked)
    downloader = S3DataDownloader(S3OutputPathRegistry(), AwsAccount(account).store)
    assert downloader.download_step_output("s3://data/run/x.bin", tmp_path).read_bytes() == b"content"


def test_a_body_that_is_cut_is_asked_for_again_and_leaves_no_half_file(
    account: Account, tmp_path: Path
) -> None:
    has(account, "run/x.bin")
    for data in (b"cont", b"content"):
        body = StreamingBody(io.BytesIO(data), 7)
        asked = {"Bucket": "data", "Key": "run/x.bin", "IfMatch": f'"{ETAG}"'}
        account.answers("get_object", {"Body": body}, **asked)
    pauses: list[float] = []
    patience = Patience(3, 0.5, pauses.append)
    downloader = S3DataDownloader(S3OutputPathRegistry(), AwsAccount(account).store, patience=patience)
    downloader.download_step_output("s3://data/run/x.bin", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["x.bin"]
    assert pauses == [0.5]


@pytest.mark.parametrize(
    ("code", "status", "slug"),
    [
        ("AccessDenied", 403, "store-access-denied"),
        ("403", 403, "store-access-denied"),
        ("SlowDown", 503, "store-refused"),
    ],
)
def test_s3_refusals_are_told_apart(
    code: str, status: int, slug: str, account: Account, tmp_path: Path
) -> None:
    account.refuses("head_object", code, status)
    downloader = S3DataDownloader(
        S3OutputPathRegistry(), AwsAccount(account).store, patience=Patience(tries=1)
    )
    with pytest.raises(StorageError) as refused:
        downloader.download_step_output("s3://data/run/x.bin", tmp_path)
    assert refused.value.slug == slug


def test_a_bucket_that_is_not_there_is_missing(account: Account, tmp_path: Path) -> None:
    account.refuses("list_objects_v2", "NoSuchBucket", 404)
    downloader = S3DataDownloader(S3OutputPathRegistry(), AwsAccount(account).store)
    with pytest.raises(MissingObjectError):
        downloader.download_step_output("s3://data/run/", tmp_path)


def test_it_is_a_public_name() -> None:
    assert seatrial.AwsAccount is AwsAccount
