"""What cannot be done is said before the run, at its place; an expression is judged when it has a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import JobKind
from tests.adapters.memory_runner import MemoryRunner
from tests.unit.engines.native.requests import (
    Bench,
    processing_input,
    processing_parameters,
    training_parameters,
)


def processing(**changes: Any) -> dict[str, Any]:
    item = processing_input("a", "s3://bucket/a")
    item["S3Input"].update(changes)
    return processing_parameters(ProcessingInputs=[item])


def cluster(**changes: Any) -> dict[str, Any]:
    parameters = processing_parameters()
    parameters["ProcessingResources"]["ClusterConfig"].update(changes)
    return parameters


def channel(**changes: Any) -> dict[str, Any]:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/a"}}
    return training_parameters(InputDataConfig=[{"ChannelName": "a", "DataSource": source, **changes}])


def algorithm(**changes: Any) -> dict[str, Any]:
    parameters = training_parameters()
    parameters["AlgorithmSpecification"].update(changes)
    return parameters


@pytest.mark.parametrize(
    ("kind", "parameters", "pointer"),
    [
        (
            "Processing",
            processing_parameters(
                ProcessingInputs=[{"InputName": "a", "DatasetDefinition": {"InputMode": "File"}}]
            ),
            "/ProcessingInputs/0/DatasetDefinition",
        ),
        ("Processing", cluster(InstanceCount=17), "/ProcessingResources/ClusterConfig/InstanceCount"),
        (
            "Processing",
            processing_parameters(
                ProcessingOutputConfig={"Outputs": [{"OutputName": "o", "FeatureStoreOutput": {"x": "y"}}]}
            ),
            "/ProcessingOutputConfig/Outputs/0/FeatureStoreOutput",
        ),
        ("Training", algorithm(AlgorithmName="mine"), "/AlgorithmSpecification/AlgorithmName"),
        (
            "Training",
            algorithm(MetricDefinitions=[{"Name": "a", "Regex": "("}]),
            "/AlgorithmSpecification/MetricDefinitions/0/Regex",
        ),
        (
            "Training",
            channel(DataSource={"S3DataSource": {"S3DataType": "Converse", "S3Uri": "s3://bucket/a"}}),
            "/InputDataConfig/0/DataSource/S3DataSource/S3DataType",
        ),
        (
            "Training",
            channel(DataSource={"FileSystemDataSource": {"FileSystemId": "fs-1"}}),
            "/InputDataConfig/0/DataSource/FileSystemDataSource",
        ),
        (
            "Training",
            training_parameters(ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 17}),
            "/ResourceConfig/InstanceCount",
        ),
        (
            "Training",
            training_parameters(
                ResourceConfig={
                    "InstanceGroups": [
                        {"InstanceGroupName": name, "InstanceType": "ml.m5.large", "InstanceCount": 9}
                        for name in ("a", "b")
                    ]
                }
            ),
            "/ResourceConfig/InstanceGroups",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/") else "",
)
def test_each_is_listed_with_its_pointer_and_refused_if_it_is_run_all_the_same(
    tmp_path: Path, kind: JobKind, parameters: dict[str, Any], pointer: str
) -> None:
    bench = Bench(tmp_path)
    [line] = bench.engine().unsupported(kind, parameters)
    said, _, reason = line.partition(": ")
    assert said == pointer
    assert reason
    result = bench.process(**parameters) if kind == "Processing" else bench.train(**parameters)
    assert pointer in str(result.refusal)
    assert isinstance(bench.runner, MemoryRunner)
    assert bench.runner.specs == []


@pytest.mark.parametrize(
    "expression", [{"Get": "Parameters.X"}, {"Std:Join": {"On": "", "Values": ["Pipe"]}}]
)
def test_an_expression_is_not_judged_before_it_has_a_value(
    tmp_path: Path, expression: dict[str, Any]
) -> None:
    engine = Bench(tmp_path).engine()
    assert engine.unsupported("Processing", processing(S3InputMode=expression)) == []
    assert engine.unsupported("Processing", cluster(InstanceCount=expression)) == []
    assert engine.unsupported("Processing", {"ProcessingInputs": expression}) == []


def test_plain_requests_are_supported(tmp_path: Path) -> None:
    engine = Bench(tmp_path).engine()
    plain = processing(S3InputMode="File", S3CompressionType="None", S3DataDistributionType="ShardedByS3Key")
    assert engine.unsupported("Processing", plain) == []
    assert engine.unsupported("Training", channel(InputMode="File", CompressionType="None")) == []


@pytest.mark.parametrize(
    ("kind", "parameters", "pointer"),
    [
        (
            "Processing",
            processing_parameters(ProcessingInputs=[{"InputName": "a"}]),
            "/ProcessingInputs/0/S3Input",
        ),
        (
            "Processing",
            processing_parameters(ProcessingOutputConfig={"Outputs": [{"OutputName": "o"}]}),
            "/ProcessingOutputConfig/Outputs/0/S3Output",
        ),
        (
            "Training",
            training_parameters(InputDataConfig=[{"ChannelName": "a", "DataSource": {}}]),
            "/InputDataConfig/0/DataSource/S3DataSource",
        ),
        ("Training", training_parameters(ResourceConfig=None), "/ResourceConfig/InstanceType"),
        (
            "Training",
            training_parameters(AlgorithmSpecification={"TrainingInputMode": "File"}),
            "/AlgorithmSpecification/TrainingImage",
        ),
    ],
)
def test_what_the_model_leaves_optional_and_is_needed_is_refused_when_it_is_not_there(
    tmp_path: Path, kind: JobKind, parameters: dict[str, Any], pointer: str
) -> None:
    bench = Bench(tmp_path)
    result = bench.process(**parameters) if kind == "Processing" else bench.train(**parameters)
    assert result.refusal == f"ValidationException: {pointer} is missing"
