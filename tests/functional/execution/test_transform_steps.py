"""Transform steps: the model's request goes with the job's, and a model that nobody made is said."""

from __future__ import annotations

from typing import Any

from seatrial.ports.jobs import JobRequest
from tests.adapters.memory_engine import failed
from tests.functional.execution.documents import get, model, pipeline, register
from tests.functional.execution.trial import Trial, statuses

DATA = "s3://bucket/model.tar.gz"


def transform(name: str, model_name: Any, **extra: Any) -> dict[str, Any]:
    """A Transform step of everything below a prefix."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in/"}}
    arguments = {
        "ModelName": model_name,
        "TransformInput": {"DataSource": source},
        "TransformOutput": {"S3OutputPath": "s3://bucket/out"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **extra,
    }
    return {"Name": name, "Type": "Transform", "Arguments": arguments}


def packaged(name: str, package: str, **container: Any) -> dict[str, Any]:
    """A Model step of a model package."""
    primary = {"ModelPackageName": get(f"Steps.{package}.ModelPackageArn"), **container}
    arguments = {"ExecutionRoleArn": "arn:aws:iam::123456789012:role/pipeline", "PrimaryContainer": primary}
    return {"Name": name, "Type": "Model", "Arguments": arguments}


def asked(trial: Trial) -> JobRequest:
    (request,) = trial.engine.requests
    return request


def test_the_job_carries_the_request_of_its_model(trial: Trial) -> None:
    record = trial.run(pipeline(model("Create", DATA), transform("Score", get("Steps.Create.ModelName"))))

    assert statuses(record) == {"Create": "Succeeded", "Score": "Succeeded"}
    request = asked(trial)
    assert request.kind == "Transform"
    assert request.arn.startswith("arn:aws:sagemaker:us-east-1:123456789012:transform-job/pipelines-")
    assert request.parameters["ModelName"] == "pipelines-exec00000001-Create-0000000001"
    assert request.model is not None
    assert request.model["ModelName"] == request.parameters["ModelName"]
    assert request.model["PrimaryContainer"]["ModelDataUrl"] == DATA


def test_its_output_path_is_a_property(trial: Trial) -> None:
    after = {**register("After", get("Steps.Score.TransformOutput.S3OutputPath"))}
    record = trial.run(
        pipeline(model("Create", DATA), transform("Score", get("Steps.Create.ModelName")), after)
    )

    step = record.step("After")
    assert step is not None
    (container,) = step.properties["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == "s3://bucket/out"


def test_a_model_of_a_package_is_what_the_package_holds(trial: Trial) -> None:
    package = register("Register", DATA)
    package["Arguments"]["InferenceSpecification"]["Containers"][0]["Environment"] = {"OF": "it", "ITS": "1"}
    trial.run(
        pipeline(
            package,
            packaged("Create", "Register", Environment={"OF": "model"}),
            transform("Score", get("Steps.Create.ModelName")),
        )
    )

    described = asked(trial).model
    assert described is not None
    (container,) = described["Containers"]
    assert container["ModelDataUrl"] == DATA
    assert container["Environment"] == {"OF": "model", "ITS": "1"}
    assert "PrimaryContainer" not in described


def test_a_model_that_nobody_made_fails_the_step_as_the_call_would(trial: Trial) -> None:
    record = trial.run(pipeline(transform("Score", "churn-model")))

    step = record.step("Score")
    assert step is not None
    assert step.failure_reason is not None
    assert step.failure_reason.startswith(
        "ClientError: Failed to invoke sagemaker:CreateTransformJob. Error Details: ValidationException: "
        'Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model/churn-model".'
    )
    assert trial.engine.requests == []


def test_a_package_that_nobody_registered_fails_the_step_too(trial: Trial) -> None:
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/none/1"
    create = packaged("Create", "Register")
    create["Arguments"]["PrimaryContainer"]["ModelPackageName"] = arn
    record = trial.run(pipeline(create, transform("Score", get("Steps.Create.ModelName"))))

    step = record.step("Score")
    assert step is not None
    assert f'Could not find model package "{arn}".' in str(step.failure_reason)


def test_a_package_without_containers_fails_the_step_too(trial: Trial) -> None:
    package = register("Register", DATA)
    del package["Arguments"]["InferenceSpecification"]
    steps = (package, packaged("Create", "Register"), transform("Score", get("Steps.Create.ModelName")))
    record = trial.run(pipeline(*steps))

    step = record.step("Score")
    assert step is not None
    assert "ValidationException: Could not find inference specification" in str(step.failure_reason)


def test_a_job_that_failed_fails_the_step_with_its_reason(trial: Trial) -> None:
    reason = "ClientError: See job logs for more information"
    trial.engine.answers["Score"] = lambda request: failed(request, reason)
    record = trial.run(pipeline(model("Create", DATA), transform("Score", get("Steps.Create.ModelName"))))

    step = record.step("Score")
    assert step is not None
    assert step.failure_reason == f"ClientError: {reason}"
