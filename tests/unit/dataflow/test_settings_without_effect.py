"""Settings that change nothing here: each kind is said once, with every place."""

from __future__ import annotations

import pytest

from seatrial.dataflow import KINDS, settings_without_effect
from seatrial.ports.findings import Severity
from tests.adapters.pipelines import Json, condition, pipeline, processing, register, training
from tests.unit.dataflow.reading import only
from tests.unit.dataflow.test_codes import MADE_ELSEWHERE

ALWAYS = {"ST213", "ST216"}  # every step here has a volume and a role

SET: dict[str, tuple[str, dict[str, Json]]] = {
    "key": ("ST210", {"OutputDataConfig": {"S3OutputPath": "s3://data/o", "KmsKeyId": "alias/k"}}),
    "vpc": ("ST211", {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}),
    "traffic": ("ST211", {"EnableInterContainerTrafficEncryption": True}),
    "tags": ("ST212", {"Tags": [{"Key": "a", "Value": "b"}]}),
    "spot": ("ST214", {"EnableManagedSpotTraining": True}),
    "experiment": ("ST215", {"ExperimentConfig": {"ExperimentName": "e"}}),
    "hook": ("ST217", {"DebugHookConfig": {"S3OutputPath": "s3://data/d", "CollectionConfigurations": [{}]}}),
    "profiler": ("ST217", {"ProfilerConfig": {"S3OutputPath": "s3://data/p"}}),
    "retry": ("ST219", {"RetryStrategy": {"MaximumRetryAttempts": 2}}),
    "gpu": ("ST220", {"ResourceConfig": {"InstanceType": "ml.g4dn.xlarge", "InstanceCount": 1}}),
}

UNSET: dict[str, dict[str, Json]] = {
    "no key": {"OutputDataConfig": {"S3OutputPath": "s3://data/o", "KmsKeyId": ""}},
    "no tags": {"Tags": []},
    "no spot": {"EnableManagedSpotTraining": False},
    "empty hook": {"DebugHookConfig": {"S3OutputPath": "s3://data/d", "CollectionConfigurations": []}},
    "no profiler": {"ProfilerConfig": {"DisableProfiler": True}},
    "a variable of that name": {"Environment": {"Tags": "x", "KmsKeyId": "y", "RoleArn": "z"}},
}


@pytest.mark.parametrize("name", SET)
def test_a_setting_is_a_note_with_its_place(name: str) -> None:
    code, request = SET[name]
    found = only(settings_without_effect(pipeline(training("Train", **request))), code)
    assert found.severity is Severity.NOTE
    assert found.where.startswith("/Steps/0/Arguments/")
    assert found.step == "Train"


@pytest.mark.parametrize("name", UNSET)
def test_a_setting_that_sets_nothing_is_not_mentioned(name: str) -> None:
    found = settings_without_effect(pipeline(training("Train", **UNSET[name])))
    assert {item.code for item in found} <= ALWAYS


def test_one_kind_is_said_once_with_all_its_places() -> None:
    definition = pipeline(training("Train"), processing("Prep"), condition("C", 1, [training("Again")], []))
    found = only(settings_without_effect(definition), "ST216")
    assert str(found.observed).split(", ") == [
        "/Steps/0/Arguments/RoleArn",
        "/Steps/1/Arguments/RoleArn",
        "/Steps/2/Arguments/IfSteps/0/Arguments/RoleArn",
    ]
    assert "Train, Prep, Again" in found.message


def test_steps_and_the_document_have_settings_too() -> None:
    step = training("Train") | {
        "CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"},
        "RetryPolicies": [{"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 2}],
    }
    model = register("Register", "s3://data/m.tar.gz") | {"CacheConfig": {"Enabled": True}}
    definition = pipeline(step, model, PipelineExperimentConfig={"ExperimentName": "e"})
    found = {item.code: item.where for item in settings_without_effect(definition)}
    assert found["ST215"] == "/PipelineExperimentConfig"
    assert found["ST218"] == "/Steps/1/CacheConfig"
    assert found["ST219"] == "/Steps/0/RetryPolicies"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["Step.SERVICE_FAULT", "SageMaker.JOB_INTERNAL_ERROR"], False),
        (["Step.SERVICE_FAULT", "SageMaker.CAPACITY_ERROR"], True),
        (["SageMaker.RESOURCE_LIMIT"], True),
    ],
)
def test_only_retries_of_what_never_happens_here_are_mentioned(kinds: list[str], said: bool) -> None:
    step = training("Train") | {"RetryPolicies": [{"ExceptionType": kinds}]}

    assert ("ST219" in {item.code for item in settings_without_effect(pipeline(step))}) is said


def test_what_an_engine_ignores_is_said_once_a_reason_unless_it_has_a_kind_already() -> None:
    definition = pipeline(training("Train", VpcConfig={"Subnets": ["subnet-1"]}), training("Again"))
    shuffled = "/Steps/{}/Arguments/InputDataConfig/0/ShuffleConfig"
    ignored = {
        shuffled.format(0): "the order is the file system's",
        shuffled.format(1): "the order is the file system's",
        "/Steps/0/Arguments/VpcConfig": "containers are on a network of this machine",
    }
    findings = settings_without_effect(definition, ignored)
    found = only(findings, "ST202")
    assert found.message == "ShuffleConfig in Train, Again: the order is the file system's"
    assert found.where == shuffled.format(0)
    assert [item.code for item in findings].count("ST211") == 1


def test_every_code_of_a_setting_is_produced_by_a_test_above() -> None:
    tested = {code for code, _ in SET.values()} | ALWAYS | {"ST202", "ST218"}
    assert tested == {code for code in KINDS if code.startswith("ST2")} - (MADE_ELSEWHERE - {"ST202"})
