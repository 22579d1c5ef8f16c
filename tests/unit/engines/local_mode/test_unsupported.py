"""What local mode cannot do is said before a run; what it drops without harm is listed."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.engines.local_mode.unsupported import list_unsupported
from seatrial.engines.local_mode.without_effect import list_without_effect
from tests.unit.engines.native.requests import (
    processing_input,
    processing_output,
    processing_parameters,
    training_parameters,
)


def with_input(**members: Any) -> dict[str, Any]:
    item = processing_input("in", "s3://bucket/in")
    item["S3Input"] |= members
    return {"ProcessingInputs": [item]}


def with_output(**members: Any) -> dict[str, Any]:
    item = processing_output("out", "s3://bucket/out")
    item["S3Output"] |= members
    return {"ProcessingOutputConfig": {"Outputs": [item]}}


def with_channel(uri: str = "s3://bucket/in", **members: Any) -> dict[str, Any]:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri, **members}}
    return {"InputDataConfig": [{"ChannelName": "train", "DataSource": source}]}


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"NetworkConfig": {"EnableNetworkIsolation": True}}, "/NetworkConfig/EnableNetworkIsolation"),
        (
            {"AppSpecification": {"ImageUri": "image:1", "ContainerArguments": ["--n", "1"]}},
            "/AppSpecification",
        ),
        (
            with_input(S3DataDistributionType="ShardedByS3Key"),
            "/ProcessingInputs/0/S3Input/S3DataDistributionType",
        ),
        (with_input(S3DataType="ManifestFile"), "/ProcessingInputs/0/S3Input/S3DataType"),
        (with_input(S3InputMode="Pipe"), "/ProcessingInputs/0/S3Input/S3InputMode"),
        (with_input(S3Uri="s3://bucket/"), "/ProcessingInputs/0/S3Input/S3Uri"),
        (with_input(LocalPath="/opt/ml/processing/a:b"), "/ProcessingInputs/0/S3Input/LocalPath"),
        (with_output(S3UploadMode="Continuous"), "/ProcessingOutputConfig/Outputs/0/S3Output/S3UploadMode"),
        (with_output(S3Uri="s3://bucket"), "/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri"),
        (
            {
                "ProcessingOutputConfig": {
                    "Outputs": [processing_output("../up", "s3://bucket/out", "/opt/ml/x")]
                }
            },
            "/ProcessingOutputConfig/Outputs/0/OutputName",
        ),
        (
            {"ProcessingInputs": [{"InputName": "in", "AppManaged": True}]},
            "/ProcessingInputs/0/AppManaged",
        ),
    ],
)
def test_a_processing_job_that_would_lie_is_refused(members: dict[str, Any], pointer: str) -> None:
    lines = list_unsupported("Processing", processing_parameters(**members))
    assert [line.partition(": ")[0] for line in lines] == [pointer]


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"CheckpointConfig": {"S3Uri": "s3://bucket/checkpoints"}}, "/CheckpointConfig"),
        ({"EnableNetworkIsolation": True}, "/EnableNetworkIsolation"),
        (with_channel("s3://bucket"), "/InputDataConfig/0/DataSource/S3DataSource/S3Uri"),
        (
            with_channel(S3DataDistributionType="ShardedByS3Key"),
            "/InputDataConfig/0/DataSource/S3DataSource/S3DataDistributionType",
        ),
        (
            {"OutputDataConfig": {"S3OutputPath": "s3://bucket/m", "CompressionType": "NONE"}},
            "/OutputDataConfig/CompressionType",
        ),
        (
            {"ResourceConfig": {"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}},
            "/ResourceConfig/InstanceCount",
        ),
    ],
)
def test_a_training_job_that_would_lie_is_refused(members: dict[str, Any], pointer: str) -> None:
    lines = list_unsupported("Training", training_parameters(**members))
    assert [line.partition(": ")[0] for line in lines] == [pointer]


def test_an_ordinary_request_is_not_refused() -> None:
    members = {**with_input(), **with_output(), "StoppingCondition": {"MaxRuntimeInSeconds": 60}}
    assert list_unsupported("Processing", processing_parameters(**members)) == []
    assert list_unsupported("Training", training_parameters(**with_channel())) == []


def test_the_time_limit_is_listed_as_without_effect() -> None:
    limited = processing_parameters(StoppingCondition={"MaxRuntimeInSeconds": 60})
    assert list_without_effect("Processing", limited) == [
        "/StoppingCondition: local mode lets a job run as long as it likes"
    ]


def test_a_value_that_is_not_known_yet_is_passed_over() -> None:
    uri = {"Get": "Steps.A.ProcessingOutputConfig.Outputs['o'].S3Output.S3Uri"}
    assert list_unsupported("Processing", processing_parameters(**with_input(S3Uri=uri))) == []


def test_a_kind_of_job_that_does_not_go_through_local_mode_is_refused() -> None:
    assert list_unsupported("Transform", {}) == [
        ": a transform job; processing and training go through local mode here"
    ]
    assert list_without_effect("Transform", {}) == []
    assert list_unsupported("Endpoint", {}) == [
        ": an endpoint; processing and training go through local mode here"
    ]
