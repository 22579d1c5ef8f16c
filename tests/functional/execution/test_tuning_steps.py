"""Tuning steps: their names and ARNs, both responses as properties, what makes them fail, their cache."""

from __future__ import annotations

import re
from typing import Any

import pytest

from seatrial.definition import check, parse
from seatrial.execution import STEP_TYPES
from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.memory_engine import completed, failed
from tests.functional.execution.documents import get, pipeline, register
from tests.functional.execution.trial import Trial, statuses
from tests.unit.engines.tuning.bench import config, definition

SHAPES = {name: step_type.shape for name, step_type in STEP_TYPES.items()}


def tuning(name: str = "Tune", **extra: Any) -> dict[str, Any]:
    """A Tuning step."""
    arguments = {"HyperParameterTuningJobConfig": config(), "TrainingJobDefinition": definition()}
    return {"Name": name, "Type": "Tuning", "Arguments": arguments, **extra}


def searched(request: JobRequest) -> JobResult:
    """A tuning job with one training job."""
    summary = {"TrainingJobName": f"{request.name}-001-0123abcd", "TrainingJobStatus": "Completed"}
    return completed(request, BestTrainingJob=summary, TrainingJobSummaries=[summary])


@pytest.fixture
def trial(trial: Trial) -> Trial:
    trial.engine.answers["Tune"] = searched
    return trial


def joined(path: str) -> dict[str, Any]:
    """Where the model of a training job lies, as the SDK's `get_top_model_s3_uri` writes it."""
    values = ["s3:/", "bucket", "models", get(f"Steps.Tune.{path}"), "output/model.tar.gz"]
    return {"Std:Join": {"On": "/", "Values": values}}


@pytest.mark.parametrize("name", ["Tune", "A_step-with-a_long-name", "Tuning-of-it"])
def test_its_job_has_a_name_of_32_characters_at_most(trial: Trial, name: str) -> None:
    record = trial.run(pipeline(tuning(name)))

    (request,) = trial.engine.requests
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", request.name)
    assert request.parameters["HyperParameterTuningJobName"] == request.name
    assert request.name.startswith("exec00000001-")
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/{request.name}"
    step = record.step(name)
    assert step is not None
    assert (request.kind, request.arn) == ("Tuning", arn)
    assert step.metadata == {"TuningJob": {"Arn": arn}}


@pytest.mark.parametrize(
    "path", ["TrainingJobSummaries[0].TrainingJobName", "BestTrainingJob.TrainingJobName"]
)
def test_the_best_training_job_leads_to_its_model(trial: Trial, path: str) -> None:
    record = trial.run(pipeline(tuning(), register("After", joined(path))))

    step = record.step("After")
    assert step is not None
    (container,) = step.properties["InferenceSpecification"]["Containers"]
    name = f"{trial.request('Tune').name}-001-0123abcd"
    assert container["ModelDataUrl"] == f"s3://bucket/models/{name}/output/model.tar.gz"


def test_both_responses_can_be_referred_to_and_nothing_else() -> None:
    known = ("HyperParameterTuningJobStatus", "TrainingJobSummaries[0].TunedHyperParameters['rate']")
    for path in known:
        assert _errors(path) == []
    assert _errors("TrainingJobSummaries[0].TrainingJob") == ["ST013"]
    assert _errors("ModelArtifacts.S3ModelArtifacts") == ["ST013"]


def _errors(path: str) -> list[str]:
    found = check(parse(pipeline(tuning(), register("After", joined(path)))), SHAPES)
    return [each.code for each in found if each.severity.value == "error"]


def test_a_channel_name_used_twice_is_found_in_the_definition() -> None:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data"}}
    twice = tuning()
    twice["Arguments"]["TrainingJobDefinition"]["InputDataConfig"] = [
        {"ChannelName": "train", "DataSource": source} for _ in range(2)
    ]
    found = check(parse(pipeline(twice)), SHAPES)

    assert [(each.code, each.where) for each in found if each.code == "ST029"] == [
        ("ST029", "/Steps/0/Arguments/TrainingJobDefinition/InputDataConfig/1/ChannelName")
    ]


def test_a_failed_search_fails_the_step_with_its_reason(trial: Trial) -> None:
    trial.engine.answers["Tune"] = lambda request: failed(request, "All training jobs failed.")
    record = trial.run(pipeline(tuning()))

    step = record.step("Tune")
    assert step is not None
    assert (step.status.value, step.failure_reason) == ("Failed", "ClientError: All training jobs failed.")


CACHED = {"CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"}}


@pytest.mark.parametrize(
    ("member", "value", "hit"),
    [
        ("RoleArn", "arn:aws:iam::123456789012:role/another", True),
        ("StoppingCondition", {"MaxRuntimeInSeconds": 60}, True),
        ("OutputDataConfig", {"S3OutputPath": "s3://bucket/elsewhere"}, True),
        ("StaticHyperParameters", {"rounds": "6"}, False),
    ],
)
def test_it_is_cached_by_what_the_service_compares(
    trial: Trial, member: str, value: Any, *, hit: bool
) -> None:
    trial.run(pipeline(tuning(**CACHED)))
    again = tuning(**CACHED)
    again["Arguments"]["TrainingJobDefinition"][member] = value
    record = trial.run(pipeline(again))

    step = record.step("Tune")
    assert step is not None
    assert (step.reuse is not None) is hit
    assert statuses(record) == {"Tune": "Succeeded"}


def test_another_search_is_no_hit(trial: Trial) -> None:
    trial.run(pipeline(tuning(**CACHED)))
    again = tuning(**CACHED)
    again["Arguments"]["HyperParameterTuningJobConfig"]["RandomSeed"] = 5
    step = trial.run(pipeline(again)).step("Tune")

    assert step is not None
    assert step.cache is not None
    assert step.cache.reason.startswith("HyperParameterTuningJobConfig.RandomSeed is 5, and was not there")


def test_a_warm_start_is_handed_what_its_parents_came_to(trial: Trial) -> None:
    start = {
        "WarmStartType": "TransferLearning",
        "ParentHyperParameterTuningJobs": [
            {"HyperParameterTuningJobName": get("Steps.Tune.HyperParameterTuningJobName")},
            {"HyperParameterTuningJobName": "stranger"},
        ],
    }
    again = tuning("Again")
    again["Arguments"]["WarmStartConfig"] = start
    record = trial.run(pipeline(tuning(), again))

    first = record.step("Tune")
    assert first is not None
    assert trial.request("Tune").parents == ()
    assert trial.request("Again").parents == (first.properties,)


def test_a_training_job_that_was_lost_is_no_fault_that_a_policy_names(trial: Trial) -> None:
    reason = "All training jobs failed. (001: InternalServerError: the exit status of the container was lost)"
    trial.engine.answers["Tune"] = lambda request: failed(request, reason)
    policy = {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "IntervalSeconds": 1, "MaxAttempts": 3}
    step = trial.run(pipeline(tuning(RetryPolicies=[policy]))).step("Tune")

    assert step is not None
    assert (step.status.value, step.attempts) == ("Failed", 1)
