"""Names and ARNs as the service forms them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.execution import Account, RandomIds, job_name

# ProcessingJobName and TrainingJobName in AWS's service model.
NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


@pytest.mark.parametrize(
    ("step", "prefix", "expected"),
    [
        ("Rossmann-Model-Training", None, "pipelines-8pk6dxn4cfvl-Rossmann-Model-Train-bPVYsMzUlc"),
        ("Train", None, "pipelines-8pk6dxn4cfvl-Train-bPVYsMzUlc"),
        ("my_step", None, "pipelines-8pk6dxn4cfvl-my-step-bPVYsMzUlc"),
        ("Train", "hpo-job", "hpo-job-8pk6dxn4cfvl-bPVYsMzUlc"),
        ("Train", "my_job", "my-job-8pk6dxn4cfvl-bPVYsMzUlc"),
    ],
    ids=["cut to 20", "short", "underscore", "own prefix", "underscore in the prefix"],
)
def test_a_job_is_named_as_the_service_names_it(step: str, prefix: str | None, expected: str) -> None:
    assert job_name("8pk6dxn4cfvl", step, "bPVYsMzUlc", prefix) == expected


@given(
    step=st.from_regex(r"\A[A-Za-z0-9\-_]{1,64}\Z"),
    prefix=st.none() | st.from_regex(r"\A[a-zA-Z0-9][A-Za-z0-9\-_.]{0,80}\Z"),
)
def test_any_step_gets_a_name_that_the_service_accepts(step: str, prefix: str | None) -> None:
    ids = RandomIds()

    name = job_name(ids.execution_id(), step, ids.suffix(), prefix)

    assert NAME.fullmatch(name)
    assert len(name) <= 63


@given(
    step=st.from_regex(r"\A[A-Za-z0-9\-_]{1,64}\Z"),
    prefix=st.none() | st.from_regex(r"\A[a-zA-Z0-9][A-Za-z0-9\-_.]{0,80}\Z"),
)
def test_a_name_that_must_be_shorter_has_less_of_the_step(step: str, prefix: str | None) -> None:
    ids = RandomIds()
    execution, suffix = ids.execution_id(), ids.suffix()

    name = job_name(execution, step, suffix, prefix, longest=32)

    assert NAME.fullmatch(name)
    assert len(name) <= 32
    assert execution in name
    assert name.endswith(f"-{suffix}")
    assert job_name(execution, step, suffix, prefix, longest=63) == job_name(execution, step, suffix, prefix)


def test_ids_have_the_services_form() -> None:
    ids = RandomIds()

    assert re.fullmatch("[a-z0-9]{12}", ids.execution_id())
    assert re.fullmatch("[A-Za-z0-9]{10}", ids.suffix())
    assert len({ids.execution_id() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_an_arn_names_partition_region_and_account(region: str, partition: str) -> None:
    assert Account("123456789012", region).arn("model", "My-Model") == (
        f"arn:{partition}:sagemaker:{region}:123456789012:model/My-Model"
    )
