"""What has no value is an error that says what there is, never null."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seatrial.definition import PropertyPath, Step, parse
from seatrial.errors import ExpressionError
from seatrial.execution.scope import ExecutionScope
from seatrial.execution.state import ExecutionState
from seatrial.execution.steps import Done
from seatrial.ports.executions import StepStatus
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.functional.execution.documents import pipeline, processing, report
from tests.unit.records.values import an_execution

EVALUATE = Step("Evaluate", "Processing")
STATUS = PropertyPath.parse("ProcessingJobStatus")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[ExecutionState]:
    with Records(tmp_path / "state.db", StillClock()) as records:
        records.create(an_execution())
        with records.drive("latest") as journal:
            yield ExecutionState(journal, records.latest(), StillClock())


@pytest.fixture
def scope(state: ExecutionState) -> ExecutionScope:
    definition = parse(pipeline(processing("Evaluate", files=[report()])))
    return ExecutionScope(definition, state, lambda uri: b"{}", StillClock())


def test_a_step_has_properties_only_once_it_has_ended(scope: ExecutionScope, state: ExecutionState) -> None:
    with pytest.raises(ExpressionError, match=r"Steps\.Evaluate is undefined; the step is not started"):
        scope.step_property("Evaluate", STATUS)
    state.starting(EVALUATE)
    with pytest.raises(ExpressionError, match=r"Steps\.Evaluate is undefined; the step is Starting"):
        scope.step_property("Evaluate", STATUS)
    state.ended("Evaluate", 1, Done(StepStatus.FAILED, {"ProcessingJobStatus": "Failed"}))
    assert scope.step_property("Evaluate", STATUS) == "Failed"
    with pytest.raises(ExpressionError, match=r"Steps\.Evaluate is undefined; the step is Failed"):
        scope.property_file("Evaluate", "Report")
    state.starting(EVALUATE)
    state.ended("Evaluate", 2, Done(properties={"ProcessingJobStatus": "Completed"}))

    assert scope.step_property("Evaluate", STATUS) == "Completed"


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda scope: scope.parameter("Nope"), "Parameters.Nope is undefined; the execution has: Text, "),
        (lambda scope: scope.execution("Nope"), "Execution.Nope is undefined; there is: PipelineName, "),
        (lambda scope: scope.execution("TrainingJobName"), "Execution.TrainingJobName is undefined"),
        (lambda scope: scope.property_file("Evaluate", "Nope"), "the step declares: Report"),
        (lambda scope: scope.s3_json("/tmp/x.json"), "not an S3 URI"),  # noqa: S108  # a mistake
    ],
    ids=["parameter", "variable", "variable outside a job", "property file", "URI"],
)
def test_what_is_not_there_is_said_with_what_is(
    scope: ExecutionScope, state: ExecutionState, ask: Callable[[ExecutionScope], object], said: str
) -> None:
    state.starting(EVALUATE)
    state.ended("Evaluate", 1, Done())

    with pytest.raises(ExpressionError, match=said):
        ask(scope)
