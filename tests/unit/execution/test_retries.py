"""When a step is tried again, for any policy and any run of faults."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import RetryPolicy
from seatrial.errors import ContainerError, ImageError, MissingObjectError, StorageError
from seatrial.execution.faults import OCCURRING, fault_of_error, fault_of_result
from seatrial.execution.retries import LONGEST_WAIT, Series, next_attempt, policy_for, wait
from seatrial.ports.jobs import JobResult
from tests.adapters.clock import START

FAULT = "Step.SERVICE_FAULT"
OTHER = "SageMaker.JOB_INTERNAL_ERROR"

intervals = st.floats(1, 43200, allow_nan=False)
rates = st.floats(1, 1e6, allow_nan=False)
moments = st.integers(0, 10**6).map(lambda seconds: START + timedelta(seconds=seconds))


def policy(
    *kinds: str,
    interval: float = 1.0,
    rate: float = 2.0,
    attempts: int | None = None,
    minutes: int | None = None,
) -> RetryPolicy:
    return RetryPolicy(kinds or (FAULT,), interval, rate, attempts, minutes)


@given(intervals, rates, st.integers(0, 400))
def test_each_wait_is_longer_by_the_rate_up_to_the_longest(
    interval: float, rate: float, retries: int
) -> None:
    first, later = (wait(policy(interval=interval, rate=rate), n) for n in (retries, retries + 1))

    assert timedelta(0) < first <= later <= LONGEST_WAIT
    if later < LONGEST_WAIT:
        assert later.total_seconds() == pytest.approx(first.total_seconds() * rate, abs=1e-5)


@given(intervals)
def test_the_first_wait_is_the_interval(interval: float) -> None:
    assert wait(policy(interval=interval, rate=1e300), 0).total_seconds() == pytest.approx(interval, abs=1e-6)


@given(st.integers(1, 20), intervals, rates, moments)
def test_a_policy_makes_as_many_attempts_as_it_says_and_no_more(
    attempts: int, interval: float, rate: float, now: datetime
) -> None:
    policies = [policy(interval=interval, rate=rate, attempts=attempts)]
    made = 0
    while next_attempt(policies, Series(START, (FAULT,) * (made + 1)), now) is not None:
        made += 1

    assert made == attempts


@given(st.integers(1, 14400), intervals, rates, moments, st.integers(0, 30))
def test_no_attempt_begins_after_the_expiry(
    minutes: int, interval: float, rate: float, now: datetime, retries: int
) -> None:
    expiring = policy(interval=interval, rate=rate, minutes=minutes)

    at = next_attempt([expiring], Series(START, (FAULT,) * (retries + 1)), now)

    due = now + wait(expiring, retries)
    assert at == (due if due <= START + timedelta(minutes=minutes) else None)


@given(st.lists(st.sampled_from([FAULT, OTHER]), min_size=1, max_size=12), moments)
def test_each_policy_counts_the_faults_that_it_governs(faults: list[str], now: datetime) -> None:
    policies = [policy(FAULT, attempts=3), policy(OTHER, attempts=5, interval=2.0)]
    governing = policies[0] if faults[-1] == FAULT else policies[1]
    before = faults[:-1].count(faults[-1])

    at = next_attempt(policies, Series(START, tuple(faults)), now)

    allowed = before < (governing.max_attempts or 0)
    assert at == (now + wait(governing, before) if allowed else None)


def test_of_two_policies_for_one_type_the_first_governs() -> None:
    first, second = policy(FAULT, OTHER, attempts=1), policy(FAULT, attempts=9)

    assert policy_for([first, second], FAULT) is first
    assert next_attempt([first, second], Series(START, (OTHER, FAULT)), START) is None


def test_a_type_that_no_policy_names_is_not_retried() -> None:
    assert next_attempt([policy(OTHER, attempts=3)], Series(START, (FAULT,)), START) is None


def test_the_docker_engine_and_the_store_are_the_services_that_can_fail() -> None:
    assert fault_of_error(ContainerError("gone", slug="x")) == FAULT
    assert fault_of_error(StorageError("gone", slug="x")) == FAULT


@pytest.mark.parametrize(
    "error",
    [
        MissingObjectError("no object", slug="x"),
        ImageError("no image", slug="x"),
        ValueError("a mistake of ours"),
    ],
    ids=["a missing object", "a missing image", "our own mistake"],
)
def test_what_would_happen_again_is_no_fault(error: Exception) -> None:
    assert fault_of_error(error) is None


def test_a_lost_exit_status_is_an_internal_error_of_the_job_and_a_scripts_failure_is_none() -> None:
    lost = JobResult({"FailureReason": "InternalServerError: the exit status of the container was lost"})

    assert fault_of_result(lost) == OTHER
    assert fault_of_result(JobResult({"FailureReason": "AlgorithmError: , exit code: 1"})) is None
    assert fault_of_result(JobResult({})) is None
    assert fault_of_result(None) is None
    assert {FAULT, OTHER} == OCCURRING
