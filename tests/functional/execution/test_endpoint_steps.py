"""EndpointConfig and Endpoint steps: what they ask for, what they give, and what a resume makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.memory_engine import MemoryEngine, completed, failed
from tests.functional.execution.documents import get, model, pipeline, processing
from tests.functional.execution.trial import Trial, statuses

DATA = "s3://bucket/model.tar.gz"
ARN = "arn:aws:sagemaker:us-east-1:123456789012"


def config(name: str, *models: Any, called: str = "config-1") -> dict[str, Any]:
    """A configuration with a variant for each model."""
    variants = [
        {
            "VariantName": f"V{number}",
            "ModelName": each,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": 1.0,
        }
        for number, each in enumerate(models, start=1)
    ]
    arguments = {"EndpointConfigName": called, "ProductionVariants": variants}
    return {"Name": name, "Type": "EndpointConfig", "Arguments": arguments}


def endpoint(name: str, config_name: Any) -> dict[str, Any]:
    arguments = {"EndpointName": "smoke", "EndpointConfigName": config_name}
    return {"Name": name, "Type": "Endpoint", "Arguments": arguments}


DEPLOYED = (
    model("Create", DATA),
    config("Config", get("Steps.Create.ModelName")),
    endpoint("Deploy", get("Steps.Config.EndpointConfigName")),
    processing("Smoke", arguments=[get("Steps.Deploy.EndpointName")]),
)
DOCUMENT = pipeline(*DEPLOYED, processing("After", depends_on=["Smoke"]))


def asked(trial: Trial, step: str) -> JobRequest:
    return next(request for request in trial.engine.requests if request.step_name == step)


def test_a_configuration_is_kept_and_its_endpoint_carries_it_with_its_models(trial: Trial) -> None:
    record = trial.run(DOCUMENT)

    assert set(statuses(record).values()) == {"Succeeded"}
    plan = asked(trial, "Deploy").endpoint
    assert plan is not None
    assert plan.config["EndpointConfigArn"] == f"{ARN}:endpoint-config/config-1"
    assert plan.models["V1"]["PrimaryContainer"]["ModelDataUrl"] == DATA
    specification = asked(trial, "Smoke").parameters["AppSpecification"]
    assert specification["ContainerArguments"] == ["smoke"]


def test_they_are_listed_by_the_arns_of_what_they_made(trial: Trial) -> None:
    record = trial.run(DOCUMENT)
    listed = {step.name: step.metadata for step in record.steps}
    assert listed["Config"] == {"EndpointConfig": {"Arn": f"{ARN}:endpoint-config/config-1"}}
    assert listed["Deploy"] == {"Endpoint": {"Arn": f"{ARN}:endpoint/smoke"}}


def test_what_an_endpoint_goes_on_doing_is_shown_beside_it(trial: Trial) -> None:
    trial.engine.answers["Deploy"] = lambda request: replace(completed(request), note="answers at http://x")
    step = trial.run(DOCUMENT).step("Deploy")
    assert step is not None
    assert step.progress == "answers at http://x"


def test_the_execution_s_end_releases_what_stands(trial: Trial) -> None:
    released: list[str] = []
    trial.release = released.append
    record = trial.run(DOCUMENT)
    assert released == [record.execution_id]


def test_an_endpoint_that_never_came_into_service_fails_its_step(trial: Trial) -> None:
    trial.engine.answers["Deploy"] = lambda request: failed(request, "The primary container … did not pass")
    record = trial.run(DOCUMENT)
    step = record.step("Deploy")
    assert step is not None
    assert step.failure_reason == "ClientError: The primary container … did not pass"
    assert record.step("Smoke") is None


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([endpoint("Deploy", "nobody-s")], 'Could not find endpoint configuration "nobody-s".'),
        ([config("Config", "nobody-s"), endpoint("Deploy", "config-1")], 'Could not find model "nobody-s".'),
    ],
)
def test_what_nobody_made_is_said_as_the_service_says_it(trial: Trial, steps: Any, reason: str) -> None:
    if len(steps) > 1:
        steps[1]["DependsOn"] = ["Config"]
    step = trial.run(pipeline(*steps)).step("Deploy")
    assert step is not None
    refused = "ClientError: Failed to invoke sagemaker:CreateEndpoint. Error Details: ValidationException: "
    assert step.failure_reason == refused + reason


def test_a_configuration_of_the_same_name_takes_the_place_of_the_last(trial: Trial) -> None:
    trial.run(DOCUMENT)
    trial.engine = MemoryEngine()
    second = trial.run(DOCUMENT)
    plan = asked(trial, "Deploy").endpoint
    assert plan is not None
    assert second.execution_id in plan.models["V1"]["ModelName"]


def failing_once(trial: Trial, step: str) -> None:
    def answer(request: JobRequest) -> JobResult:
        return failed(request) if request.attempt == 1 else completed(request)

    trial.engine.answers[step] = answer


def test_a_resume_brings_the_endpoint_back_for_the_steps_that_are_left(trial: Trial) -> None:
    failing_once(trial, "Smoke")
    trial.run(DOCUMENT)
    trial.engine = MemoryEngine(trial.engine.answers)
    record = trial.resume()

    assert set(statuses(record).values()) == {"Succeeded"}
    assert trial.asked() == ["Deploy", "Smoke", "After"]
    assert [step.attempts for step in record.steps if step.name in ("Config", "Deploy")] == [1, 2]


def test_a_resume_leaves_an_endpoint_alone_that_nothing_comes_after(trial: Trial) -> None:
    failing_once(trial, "Other")
    steps = [*DEPLOYED, processing("Other")]
    trial.run(pipeline(*steps))
    trial.engine = MemoryEngine(trial.engine.answers)
    trial.resume()
    assert trial.asked() == ["Other"]
