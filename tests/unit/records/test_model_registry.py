"""Groups, versions and approval, described as AWS would."""

from __future__ import annotations

import botocore.session
import pytest

from seatrial.errors import RecordError
from seatrial.records import Origin, Records

ROOT = "arn:aws:sagemaker:eu-west-1:123456789012"
SPECIFICATION = {"Containers": [{"Image": "i", "ModelDataUrl": "s3://b/model.tar.gz"}]}


def test_a_group_is_made_on_demand_and_counts_its_versions(records: Records) -> None:
    request = {"ModelPackageGroupName": "ChurnModels", "InferenceSpecification": SPECIFICATION}

    arns = [
        records.model_registry.create_package(request, arn_root=ROOT)["ModelPackageArn"] for _ in range(2)
    ]

    assert arns == [f"{ROOT}:model-package/ChurnModels/{version}" for version in (1, 2)]
    assert records.model_registry.groups() == ("ChurnModels",)
    assert [p["ModelPackageVersion"] for p in records.model_registry.packages("ChurnModels")] == [1, 2]
    assert records.model_registry.packages("Other") == ()


def test_a_package_waits_for_approval_unless_it_says_otherwise(records: Records) -> None:
    registry = records.model_registry
    waiting = registry.create_package({"ModelPackageGroupName": "G"}, arn_root=ROOT)
    approved = registry.create_package(
        {"ModelPackageGroupName": "G", "ModelApprovalStatus": "Approved"}, arn_root=ROOT
    )

    assert waiting["ModelApprovalStatus"] == "PendingManualApproval"
    assert registry.describe_package(approved["ModelPackageArn"])["ModelApprovalStatus"] == "Approved"


def test_the_latest_approved_version_of_a_group_is_what_later_ones_are_compared_with(
    records: Records,
) -> None:
    registry = records.model_registry
    baselines = {"ModelDataQuality": {"Statistics": {"ContentType": "json", "S3Uri": "s3://b/s.json"}}}
    assert registry.latest_approved("G") is None

    for status in ("Approved", "Approved", "Rejected", "PendingManualApproval"):
        registry.create_package(
            {
                "ModelPackageGroupName": "G",
                "ModelApprovalStatus": status,
                "DriftCheckBaselines": baselines,
            },
            arn_root=ROOT,
        )

    found = registry.latest_approved("G")
    assert found is not None
    assert found["ModelPackageVersion"] == 2
    assert found["DriftCheckBaselines"] == baselines
    assert registry.latest_approved(f"{ROOT}:model-package-group/G") == found


def test_approval_can_be_given_and_taken_back_later(records: Records) -> None:
    registry = records.model_registry
    arn = registry.create_package({"ModelPackageGroupName": "G"}, arn_root=ROOT)["ModelPackageArn"]

    approved = registry.set_approval("G/1", "Approved", "as good as the old one")
    assert approved["ModelApprovalStatus"] == "Approved"
    assert approved["ApprovalDescription"] == "as good as the old one"
    assert registry.latest_approved("G") == approved == registry.describe_package(arn)

    registry.set_approval(arn, "Rejected")
    assert registry.latest_approved("G") is None
    assert registry.describe_package(arn)["ApprovalDescription"] == "as good as the old one"
    with pytest.raises(RecordError, match="there is no model package 'G/2'"):
        registry.set_approval("G/2", "Approved")


def test_the_newest_endpoint_configuration_of_a_name_counts(records: Records) -> None:
    configs, origin = records.endpoint_configs, Origin("abcdefghijkl", "Config")
    request = {"EndpointConfigName": "c", "ProductionVariants": [{"VariantName": "A"}], "Tags": []}
    arn = f"{ROOT}:endpoint-config/c"
    configs.create(request, arn=arn, origin=origin)
    again = configs.create({**request, "ProductionVariants": []}, arn=arn, origin=origin)

    assert "Tags" not in again
    assert configs.describe("c") == configs.describe(arn) == again
    with pytest.raises(RecordError, match="there is no endpoint configuration 'd'") as caught:
        configs.describe("d")
    assert str(caught.value.hint) == "there is: c"


def test_a_package_keeps_what_it_was_given(records: Records) -> None:
    metrics = {"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://b/s.json"}}}
    request = {
        "ModelPackageGroupName": "G",
        "InferenceSpecification": SPECIFICATION,
        "ModelMetrics": metrics,
        "Tags": [{"Key": "a", "Value": "b"}],
        "ClientToken": "t",
    }

    described = records.model_registry.create_package(request, arn_root=ROOT)

    assert described["InferenceSpecification"] == SPECIFICATION
    assert described["ModelMetrics"] == metrics
    assert not {"Tags", "ClientToken"} & set(described)
    assert records.model_registry.describe_package(described["ModelPackageArn"].upper()) == described


def test_the_same_step_of_the_same_execution_registers_once(records: Records) -> None:
    registry, request = records.model_registry, {"ModelPackageGroupName": "G"}
    step = Origin("abcdefghijkl", "Register")

    first = registry.create_package(request, arn_root=ROOT, origin=step)
    again = registry.create_package(request, arn_root=ROOT, origin=step)
    other = registry.create_package(request, arn_root=ROOT, origin=Origin("bbbbbbbbbbbb", "Register"))

    assert again == first
    assert other["ModelPackageVersion"] == 2
    assert [event.step for event in records.events("abcdefghijkl")] == ["Register"]


def test_a_model_is_described_under_its_name_and_arn(records: Records) -> None:
    request = {"ModelName": "m-1", "PrimaryContainer": {"Image": "i"}, "ExecutionRoleArn": "r", "Tags": []}

    described = records.model_registry.create_model(request, arn=f"{ROOT}:model/m-1")

    assert records.model_registry.describe_model("m-1") == described
    assert records.model_registry.describe_model(f"{ROOT}:model/m-1") == described
    assert records.model_registry.models() == (described,)


@pytest.mark.parametrize(
    ("create", "describe"),
    [("CreateModel", "DescribeModelOutput"), ("CreateModelPackage", "DescribeModelPackageOutput")],
)
def test_what_is_repeated_of_a_request_has_a_place_in_the_answer(create: str, describe: str) -> None:
    service = botocore.session.get_session().get_service_model("sagemaker")
    asked = set(service.operation_model(create).input_shape.members)
    answered = set(service.shape_for(describe).members)

    assert (
        asked - answered == {"CreateModel": {"Tags"}, "CreateModelPackage": {"Tags", "ClientToken"}}[create]
    )


def test_unknown_names_are_errors_that_say_what_there_is(records: Records) -> None:
    registry = records.model_registry
    arn = registry.create_package({"ModelPackageGroupName": "G"}, arn_root=ROOT)["ModelPackageArn"]

    with pytest.raises(RecordError, match="there is no model package 'x'") as caught:
        registry.describe_package("x")
    assert str(caught.value.hint) == f"there is: {arn}"
    with pytest.raises(RecordError, match="there is no model 'x'") as caught:
        registry.describe_model("x")
    assert str(caught.value.hint) == "there is: none yet"
