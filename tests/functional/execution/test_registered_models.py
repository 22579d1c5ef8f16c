"""RegisterModel steps: groups, versions, what a version keeps, and models that are made of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from seatrial.ports.jobs import JobRequest
from tests.functional.execution.documents import IMAGE, ROLE, get, pipeline, register
from tests.functional.execution.test_transform_steps import transform
from tests.functional.execution.trial import Trial, statuses

CORPUS = Path(__file__).parents[2] / "corpus"
PREFIX = {"EXECUTION_S3_PREFIX": "s3://bucket/run"}
DATA = "s3://bucket/model.tar.gz"


def of_package(name: str, package: Any, **container: Any) -> dict[str, Any]:
    primary = {"ModelPackageName": package, **container}
    return {
        "Name": name,
        "Type": "Model",
        "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": primary},
    }


def described(trial: Trial, step: str) -> Any:
    with trial.records as records:
        found = records.latest().step(step)
    assert found is not None
    return found.properties


def asked(trial: Trial, step: str) -> JobRequest:
    return next(request for request in trial.engine.requests if request.step_name == step)


def test_a_definition_of_the_sdk_registers_what_it_repacked_with_all_that_belongs_to_it(trial: Trial) -> None:
    record = trial.run((CORPUS / "repacked-and-scored" / "definition.json").read_text(), PREFIX)

    assert set(statuses(record).values()) == {"Succeeded"}
    package = described(trial, "Package-RegisterModel")
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"].startswith("s3://bucket/run/packaged/pipelines-")
    assert container["Environment"]["SAGEMAKER_SUBMIT_DIRECTORY"] == "/opt/ml/model/code"
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["CustomerMetadataProperties"] == {"team": "churn"}
    statistics = {"ContentType": "application/json", "S3Uri": "s3://bucket/run/baselines/statistics.json"}
    assert package["DriftCheckBaselines"]["ModelDataQuality"]["Statistics"] == statistics
    assert package["ModelMetrics"]["ModelDataQuality"]["Statistics"] == statistics
    shape = botocore.session.get_session().get_service_model("sagemaker")
    report = ParamValidator().validate(package, shape.shape_for("DescribeModelPackageOutput"))
    assert not report.has_errors(), report.generate_report()
    with trial.records as records:
        assert records.model_registry.latest_approved("scored") == package


def test_a_definition_of_the_sdk_with_several_containers_registers_and_serves_both(trial: Trial) -> None:
    record = trial.run((CORPUS / "model-of-several" / "definition.json").read_text(), PREFIX)

    assert set(statuses(record).values()) == {"Succeeded"}
    model = asked(trial, "Score").model
    assert model is not None
    programs = [each["Environment"]["SAGEMAKER_PROGRAM"] for each in model["Containers"]]
    assert programs == ["scale.py", "inference.py"]
    packaged = described(trial, "Package-RegisterModel")["InferenceSpecification"]["Containers"]
    assert len({each["ModelDataUrl"] for each in packaged}) == 2


def test_two_steps_of_a_pipeline_register_two_versions_of_a_group(trial: Trial) -> None:
    first, second = register("First", DATA), register("Second", DATA, DependsOn=["First"])
    second["DependsOn"] = second["Arguments"].pop("DependsOn")
    trial.run(pipeline(first, second))
    assert [described(trial, name)["ModelPackageVersion"] for name in ("First", "Second")] == [1, 2]

    trial.run(pipeline(register("Third", DATA)))
    assert described(trial, "Third")["ModelPackageArn"].endswith(":model-package/ChurnModels/3")


def test_a_group_may_be_named_by_its_arn(trial: Trial) -> None:
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package-group/ChurnModels"
    trial.run(pipeline(register("Register", DATA, group=arn)))
    assert described(trial, "Register")["ModelPackageGroupName"] == "ChurnModels"


def test_a_model_may_be_made_of_an_earlier_execution_s_package_of_several_containers(trial: Trial) -> None:
    containers = [
        {"Image": IMAGE, "ModelDataUrl": "s3://bucket/scaler.tar.gz"},
        {"Image": IMAGE, "ModelDataUrl": DATA, "ContainerHostname": "classifier"},
    ]
    package = register("Register", DATA)
    package["Arguments"]["InferenceSpecification"]["Containers"] = containers
    trial.run(pipeline(package))
    arn = described(trial, "Register")["ModelPackageArn"]

    trial.run(pipeline(of_package("Create", arn), transform("Score", get("Steps.Create.ModelName"))))
    model = asked(trial, "Score").model
    assert model is not None
    assert [(each["ModelDataUrl"], each.get("ContainerHostname")) for each in model["Containers"]] == [
        ("s3://bucket/scaler.tar.gz", None),
        (DATA, "classifier"),
    ]
