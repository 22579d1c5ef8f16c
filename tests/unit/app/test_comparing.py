"""Which two executions are meant, and which cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.app.comparing import compare
from seatrial.app.parts import Parts
from seatrial.errors import RefusedError
from seatrial.ports.executions import ExecutionStatus, Reuse, ReuseKind, StepRecord
from seatrial.ports.jobs import JobRequest
from seatrial.settings import Settings
from tests.adapters.clock import START
from tests.adapters.pipelines import pipeline, processing, training
from tests.unit.records.values import a_request, an_execution, executing, succeeded


@pytest.fixture
def parts(settings: Settings) -> Parts:
    """A project with executions of two pipelines, the last of them still running."""
    parts = Parts(settings, print)
    text = pipeline(processing("Prep")).text
    for number, name in enumerate(("Churn", "Fraud", "Churn", "Fraud")):
        begun = replace(an_execution(f"execution{number:03}", name), definition=text)
        parts.records.create(begun)
        if number < 3:
            with parts.records.drive(begun.execution_id) as journal:
                journal.execution_changed(
                    begun, replace(begun, status=ExecutionStatus.SUCCEEDED, ended_at=START)
                )
    return parts


def compared(parts: Parts, *wanted: str | None) -> tuple[str, str]:
    found = compare(parts, *wanted, *[None] * (2 - len(wanted)))
    return found.first.execution_id, found.second.execution_id


def test_without_a_second_the_one_before_it_of_the_same_pipeline_is_meant(parts: Parts) -> None:
    assert compared(parts, "execution002") == ("execution000", "execution002")


def test_two_that_are_named_stand_in_the_order_of_their_naming(parts: Parts) -> None:
    assert compared(parts, "execution002", "execution001") == ("execution002", "execution001")


@pytest.mark.parametrize(
    ("wanted", "slug"),
    [
        (("execution001",), "nothing-to-compare"),
        ((), "not-ended"),
        (("execution000", "latest"), "not-ended"),
        (("nowhere",), "unknown-execution"),
        (("execution000", "execution000"), "same-execution"),
        (("latest", "execution003"), "same-execution"),
        (("",), "empty-name"),
        (("execution000", ""), "empty-name"),
        (("", "execution000"), "empty-name"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_to_type(
    parts: Parts, wanted: tuple[str, ...], slug: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        compared(parts, *wanted)

    assert refusal.value.slug == slug
    assert refusal.value.hint


def a_job(execution_id: str) -> JobRequest:
    name = f"pipelines-{execution_id}-Train"
    return replace(
        a_request(), name=name, arn=f"arn:aws:sagemaker:::training-job/{name}", execution_id=execution_id
    )


def test_a_step_is_traced_to_the_execution_and_the_engine_that_ran_it(settings: Settings) -> None:
    parts = Parts(settings, print)
    text = pipeline(training("Train")).text
    source = "execution000"
    job = a_job(source)
    reused: StepRecord | None = None
    for number in range(3):
        begun = replace(
            an_execution(f"execution{number:03}", "Churn"), definition=text, engines=("local-mode",)
        )
        parts.records.create(begun)
        with parts.records.drive(begun.execution_id) as journal:
            if reused is None:
                journal.step_changed(None, executing(job), job=job)
                journal.step_changed(executing(job), succeeded(job))
            else:
                journal.step_changed(None, reused)
            later = replace(begun, engines=("local-mode", "native"))
            journal.execution_changed(begun, later)
            journal.execution_changed(later, replace(later, status=ExecutionStatus.SUCCEEDED, ended_at=START))
        reused = replace(succeeded(job), reuse=Reuse(ReuseKind.SELECTION, begun.arn))

    found = compare(parts, source, "execution002")

    assert found.second.origin("Train").execution_id == source
    assert found.second.origin("Train").engine == "local-mode"
    assert found.differences == ()
    assert "execution002 ran no job of its own" in str(found.undecided)
