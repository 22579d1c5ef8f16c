"""The table of step types: what is in it, and what it takes to add one."""

from __future__ import annotations

import pytest

from seatrial.definition import Step, StepShape
from seatrial.execution import STEP_TYPES
from seatrial.execution.context import StepContext
from seatrial.execution.steps import Done
from seatrial.execution.steps.step_type import WithoutJob
from tests.functional.execution.documents import at_least, condition, get, model, pipeline, register
from tests.functional.execution.trial import Trial, statuses


class EchoStep(WithoutJob):
    """A step type as a file of its own would define it."""

    shape = StepShape(type="Echo", arguments=frozenset({"Text"}), extra_properties=frozenset({"Said"}))

    def prepare(self, step: Step, context: StepContext) -> Done:
        return Done(properties={"Said": context.evaluate(step.arguments["Text"])})


def test_each_type_stands_under_its_own_name() -> None:
    assert {name: step_type.shape.type for name, step_type in STEP_TYPES.items()} == {
        name: name for name in STEP_TYPES
    }


def test_a_new_type_is_a_class_and_a_line_in_the_table(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEP_TYPES, "Echo", EchoStep())
    echo = {"Name": "Say", "Type": "Echo", "Arguments": {"Text": get("Execution.PipelineName")}}
    choose = condition(
        "Choose",
        [{"Type": "Equals", "LeftValue": get("Steps.Say.Said"), "RightValue": "Churn"}],
        [model("Create", "s3://bucket/model.tar.gz")],
    )

    record = trial.run(pipeline(choose, echo))

    assert statuses(record) == dict.fromkeys(["Say", "Choose", "Create"], "Succeeded")


def test_a_model_is_described_as_the_service_would(trial: Trial) -> None:
    record = trial.run(
        pipeline(
            model("Create", "s3://bucket/model.tar.gz"),
            condition("Choose", [at_least(1, 1)]),
        )
    )

    step = record.step("Create")
    assert step is not None
    name = step.properties["ModelName"]
    assert name == "pipelines-exec00000001-Create-0000000001"
    assert step.properties["ModelArn"] == f"arn:aws:sagemaker:us-east-1:123456789012:model/{name}"
    assert step.metadata == {"Model": {"Arn": step.properties["ModelArn"]}}
    with trial.records as records:
        assert records.model_registry.describe_model(name) == step.properties


def test_a_package_is_described_as_the_service_would(trial: Trial) -> None:
    metrics = {"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://b/m.json"}}}
    first = register(
        "First", "s3://bucket/model.tar.gz", ModelMetrics=metrics, ModelApprovalStatus="Approved"
    )
    second = {**register("Second", "s3://bucket/model.tar.gz"), "DependsOn": ["First"]}

    record = trial.run(pipeline(first, second))

    one, other = (record.step(name) for name in ("First", "Second"))
    assert one is not None
    assert other is not None
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/ChurnModels"
    assert one.properties["ModelPackageArn"] == f"{arn}/1"
    assert one.properties["ModelMetrics"] == metrics
    assert one.properties["InferenceSpecification"] == first["Arguments"]["InferenceSpecification"]
    assert one.properties["ModelApprovalStatus"] == "Approved"
    assert other.properties["ModelApprovalStatus"] == "PendingManualApproval"
    assert other.metadata == {"RegisterModel": {"Arn": f"{arn}/2"}}
