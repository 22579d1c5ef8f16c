"""Statuses change along the service's own paths, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.definition import Step
from seatrial.execution.state import ExecutionState, IllegalTransitionError
from seatrial.execution.steps import Done
from seatrial.ports.executions import ExecutionStatus, StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.unit.records.values import a_request, a_result, an_execution

TRAIN = Step("Train", "Training")
SUCCEEDED = Done(properties={"TrainingJobStatus": "Completed"})


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records(tmp_path / "state.db", StillClock()) as records:
        records.create(an_execution())
        yield records


@pytest.fixture
def state(records: Records) -> Iterator[ExecutionState]:
    with records.drive("latest") as journal:
        yield ExecutionState(journal, records.latest(), StillClock())


def test_a_step_passes_through_its_statuses_and_is_recorded_as_it_is_known(
    state: ExecutionState, records: Records
) -> None:
    request = a_request()
    state.starting(TRAIN)
    state.executing("Train", request)
    state.progressed("Train", "Downloading")
    state.ended("Train", 1, SUCCEEDED, a_result(request))
    state.end(ExecutionStatus.SUCCEEDED)

    assert records.latest() == replace(state.record, steps=state.steps)
    assert [event.detail.get("status") for event in records.events("abcdefghijkl")[1:]] == [
        *("Starting", "Executing", None, "Succeeded"),
        "Succeeded",
    ]


def test_a_result_of_an_older_attempt_counts_for_nothing(state: ExecutionState, records: Records) -> None:
    state.starting(TRAIN)
    state.ended("Train", 1, Done(StepStatus.FAILED))
    state.starting(TRAIN)
    before = records.events("abcdefghijkl")

    assert not state.ended("Train", 1, SUCCEEDED)
    assert records.events("abcdefghijkl") == before
    assert state.ended("Train", 2, Done(StepStatus.FAILED, failure_reason="second"))
    assert not state.ended("Train", 2, SUCCEEDED)
    step = records.latest().step("Train")
    assert step is not None
    assert (step.attempts, step.status, step.failure_reason) == (2, StepStatus.FAILED, "second")


def test_a_step_that_succeeded_never_starts_again(state: ExecutionState) -> None:
    state.starting(TRAIN)
    state.ended("Train", 1, SUCCEEDED)

    with pytest.raises(IllegalTransitionError, match="step Train: Succeeded to Starting"):
        state.starting(TRAIN)


def test_a_step_that_is_starting_cannot_be_stopping(state: ExecutionState) -> None:
    state.starting(TRAIN)

    with pytest.raises(IllegalTransitionError, match="Starting to Stopping"):
        state.stopping_step("Train")


@pytest.mark.parametrize("status", [ExecutionStatus.EXECUTING, ExecutionStatus.STOPPED])
def test_an_execution_that_succeeded_stays_so(state: ExecutionState, status: ExecutionStatus) -> None:
    state.end(ExecutionStatus.SUCCEEDED)

    with pytest.raises(IllegalTransitionError, match=f"Succeeded to {status.value}"):
        state.end(status)


def test_what_is_not_allowed_is_not_recorded(state: ExecutionState, records: Records) -> None:
    state.end(ExecutionStatus.SUCCEEDED)
    before = records.events("abcdefghijkl")

    with pytest.raises(IllegalTransitionError):
        state.stop()

    assert records.events("abcdefghijkl") == before


def test_going_on_forgets_what_was_observed_on_the_way(state: ExecutionState, records: Records) -> None:
    findings = [Finding(code, Severity.ERROR, "said") for code in ("ST020", "ST101", "ST203", "ST301")]
    state.found(findings)
    state.end(ExecutionStatus.FAILED, "reason")

    state.resume("native")

    assert [finding.code for finding in records.latest().findings] == ["ST020", "ST203"]
    assert records.latest().failure_reason is None


def test_going_on_under_another_engine_is_written_down(state: ExecutionState, records: Records) -> None:
    for engine in ("local-mode", "native", "native"):
        state.end(ExecutionStatus.FAILED, "reason")
        state.resume(engine)

    assert records.latest().engines == ("local-mode", "native")
