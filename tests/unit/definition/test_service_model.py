"""Requests are held against AWS's own model of them, and refused in the service's words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from seatrial.definition import Json, project, uncompiled_patterns, validate_request
from seatrial.errors import RefusedError
from seatrial.ports.findings import Severity
from tests.unit.definition.documents import output, processing


def request(**members: Json) -> dict[str, Json]:
    return processing(ProcessingJobName="job", **members)


def s3_input(**members: Json) -> Json:
    source = {"S3Uri": "s3://b/k", "LocalPath": "/opt/ml/processing/i", "S3DataType": "S3Prefix", **members}
    return [{"InputName": "i", "S3Input": source}]


def cluster(**members: Json) -> Json:
    return {
        "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30, **members}
    }


def test_a_good_request_has_no_findings() -> None:
    assert (
        validate_request("CreateProcessingJob", request(ProcessingInputs=s3_input(S3InputMode="File"))) == []
    )


def test_null_members_count_as_absent() -> None:
    assert validate_request("CreateProcessingJob", request(NetworkConfig=None, Environment=None)) == []


@pytest.mark.parametrize(
    ("members", "code", "where", "said"),
    [
        pytest.param(
            {"ProcessingInputs": s3_input(S3InputMode="FastFile")},
            "ST023",
            "/ProcessingInputs/0/S3Input/S3InputMode",
            "Model Validation failed: Value 'FastFile' for 'ProcessingS3InputMode' failed to satisfy "
            "enum value set: [Pipe, File]",
            id="enum",
        ),
        pytest.param(
            {"Colour": "red"}, "ST020", "/Colour", "Unknown Argument member 'Colour'.", id="unknown member"
        ),
        pytest.param(
            {"ProcessingInputs": s3_input(Mode="File")},
            "ST020",
            "/ProcessingInputs/0/S3Input/Mode",
            "Unknown Argument member 'Mode'.",
            id="unknown member deep inside",
        ),
        pytest.param({"RoleArn": None}, "ST021", "", "Missing required member 'RoleArn'", id="required"),
        pytest.param(
            {"ProcessingResources": cluster(InstanceCount="1")},
            "ST022",
            "/ProcessingResources/ClusterConfig/InstanceCount",
            "is a string, expected an integer",
            id="text for an integer",
        ),
        pytest.param(
            {"ProcessingResources": cluster(InstanceCount=1.5)},
            "ST022",
            "/ProcessingResources/ClusterConfig/InstanceCount",
            "expected an integer",
            id="fraction for an integer",
        ),
        pytest.param(
            {"ProcessingResources": cluster(InstanceCount=True)},
            "ST022",
            "/ProcessingResources/ClusterConfig/InstanceCount",
            "is a boolean",
            id="boolean for an integer",
        ),
        pytest.param(
            {"Environment": {"N": 3}}, "ST022", "/Environment/N", "a number, expected a string", id="number"
        ),
        pytest.param({"Environment": []}, "ST022", "/Environment", "a list, expected an object", id="list"),
        pytest.param({"Environment": {"A": None}}, "ST022", "/Environment/A", "is null", id="null in a map"),
        pytest.param(
            {"ProcessingInputs": {"a": 1}},
            "ST022",
            "/ProcessingInputs",
            "an object, expected a list",
            id="object",
        ),
        pytest.param(
            {"ProcessingResources": cluster(VolumeSizeInGB=0)},
            "ST025",
            "/ProcessingResources/ClusterConfig/VolumeSizeInGB",
            "greater than or equal to 1",
            id="minimum",
        ),
        pytest.param(
            {"StoppingCondition": {"MaxRuntimeInSeconds": 777601}},
            "ST025",
            "/StoppingCondition/MaxRuntimeInSeconds",
            "less than or equal to 777600",
            id="maximum",
        ),
        pytest.param(
            {"Environment": {"A": "x" * 257}}, "ST025", "/Environment/A", "257 characters", id="long value"
        ),
        pytest.param(
            {"Environment": {f"K{i}": "" for i in range(101)}},
            "ST025",
            "/Environment",
            "101 entries",
            id="entries",
        ),
        pytest.param(
            {"ProcessingInputs": s3_input() * 11},
            "ST025",
            "/ProcessingInputs",
            "11 items",
            id="too many inputs",
        ),
        pytest.param(
            {"ProcessingOutputConfig": {"Outputs": [output("o") for _ in range(11)]}},
            "ST025",
            "/ProcessingOutputConfig/Outputs",
            "11 items",
            id="too many outputs",
        ),
        pytest.param(
            {"RoleArn": "arn:aws:iam::1:role/pipeline"},
            "ST024",
            "/RoleArn",
            "failed to satisfy regular expression pattern",
            id="pattern",
        ),
        pytest.param(
            {"ProcessingJobName": "job_1"},
            "ST024",
            "/ProcessingJobName",
            "'job_1'",
            id="pattern of the whole text",
        ),
        pytest.param({"Environment": {"1A": "x"}}, "ST024", "/Environment/1A", "'1A'", id="pattern of a key"),
    ],
)
def test_each_violation_is_one_finding_in_the_words_of_the_service(
    members: dict[str, Json], code: str, where: str, said: str
) -> None:
    (finding,) = validate_request("CreateProcessingJob", {**request(), **members})

    assert (finding.code, finding.where, finding.severity) == (code, where, Severity.ERROR)
    assert said in finding.message
    assert finding.hint


def test_all_violations_come_together_under_the_given_pointer() -> None:
    found = validate_request(
        "CreateProcessingJob", {"Environment": {"N": 3}, "Colour": 1}, pointer="/Steps/0/Arguments"
    )

    assert len([finding for finding in found if finding.code == "ST021"]) == 4
    assert all(finding.where.startswith("/Steps/0/Arguments") for finding in found)
    assert len(found) == 6


def test_a_resolved_value_that_looks_like_an_expression_is_only_a_value() -> None:
    assert validate_request("CreateProcessingJob", request(Environment={"Get": "Parameters.X"})) == []


def test_a_long_list_of_choices_is_cut() -> None:
    (finding,) = validate_request(
        "CreateProcessingJob", request(ProcessingResources=cluster(InstanceType="ml.m5.lrge"))
    )

    assert len(finding.message) < 500
    assert finding.hint == "did you mean 'ml.m5.large'? (a newer botocore may know more)"


def test_an_operation_that_aws_does_not_have_is_refused() -> None:
    with pytest.raises(RefusedError, match="no operation 'CreateProcesingJob'"):
        validate_request("CreateProcesingJob", {})


def test_the_patterns_that_python_cannot_read_are_listed() -> None:
    patterns = uncompiled_patterns()

    assert 0 < len(patterns) < 40
    assert "TagKey" in patterns
    assert "ProcessingJobName" not in patterns


def test_a_response_keeps_only_what_its_shape_knows() -> None:
    described = {
        "ProcessingJobName": "job",
        "ExitMessage": None,
        "Unknown": 1,
        "Environment": {"any": "key"},
        "ProcessingInputs": [{"InputName": "i", "Odd": 1, "S3Input": {"S3Uri": "s3://b", "Odd": 2}}],
    }

    assert project("DescribeProcessingJobResponse", described) == {
        "ProcessingJobName": "job",
        "Environment": {"any": "key"},
        "ProcessingInputs": [{"InputName": "i", "S3Input": {"S3Uri": "s3://b"}}],
    }


def test_importing_the_room_does_not_import_botocore() -> None:
    script = "import seatrial.definition, sys; sys.exit('botocore' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
