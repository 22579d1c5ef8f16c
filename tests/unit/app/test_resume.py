"""What is asked before an execution goes on: can the engine do what is left, are its images there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from seatrial.app.parts import Parts
from seatrial.app.trial import resume
from seatrial.errors import DefinitionError, ImageError, RefusedError
from seatrial.execution import Control
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord, StepStatus
from seatrial.settings import Settings
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import MemoryRunner
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import IMAGE, condition, pipeline, processing
from tests.unit.engines.native.requests import ADDRESS
from tests.unit.records.values import an_execution

OTHER = IMAGE.replace("1.2-1", "1.0-1")


def isolated(name: str, **more: Any) -> dict[str, Any]:
    """A step that local mode cannot do."""
    step = processing(name, **more)
    step["Arguments"]["NetworkConfig"] = {"EnableNetworkIsolation": True}
    return step


def stopped(parts: Parts, *steps: dict[str, Any], ended: dict[str, StepRecord]) -> ExecutionRecord:
    begun = replace(an_execution(), definition=pipeline(*steps).text)
    parts.records.create(begun)
    with parts.records.drive(begun.execution_id) as journal:
        for step in ended.values():
            journal.step_changed(None, step)
        journal.execution_changed(begun, replace(begun, status=ExecutionStatus.STOPPED))
    return parts.records.execution(begun.execution_id)


def done(name: str, kind: str = "Processing", **more: Any) -> StepRecord:
    return StepRecord(name, kind, StepStatus.SUCCEEDED, **more)


@pytest.fixture
def parts(settings: Settings) -> Parts:
    """Parts in memory, without any image."""
    parts = Parts(settings, print)
    vars(parts).update(runner=MemoryRunner({}), store=MemoryStore(), images=MemoryImages(), address=ADDRESS)
    return parts


def go_on(parts: Parts, engine: str | None = None) -> None:
    def started(*_: object) -> Any:
        raise AssertionError("it began")

    resume(parts, "latest", engine, Control(), started)


def test_what_another_engine_cannot_do_of_the_steps_that_are_left_is_refused(parts: Parts) -> None:
    before = stopped(parts, isolated("First"), isolated("Second"), ended={"First": done("First")})
    with pytest.raises(DefinitionError) as refused:
        go_on(parts, "local-mode")
    assert [(found.code, found.step) for found in refused.value.findings] == [("ST201", "Second")]
    assert parts.records.execution("latest") == before


def test_a_branch_that_was_not_taken_asks_nothing_of_the_engine(parts: Parts) -> None:
    steps = (
        processing("First"),
        condition("Choice", 1, [isolated("Good")], [processing("Bad", image=OTHER)]),
    )
    taken = done("Choice", "Condition", metadata={"Condition": {"Outcome": "False"}})
    stopped(parts, *steps, ended={"First": done("First"), "Choice": taken})
    with pytest.raises(ImageError) as refused:
        go_on(parts, "native")
    assert refused.value.where == OTHER


def test_images_of_the_steps_that_are_left_are_made_before_it_goes_on(parts: Parts) -> None:
    before = stopped(
        parts, processing("First"), processing("Second", image=OTHER), ended={"First": done("First")}
    )
    with pytest.raises(ImageError) as refused:
        go_on(parts)
    assert refused.value.where == OTHER
    assert parts.records.execution("latest") == before


def test_no_name_of_an_engine_is_not_the_engine_of_before(parts: Parts) -> None:
    stopped(parts, processing("First"), ended={})
    with pytest.raises(RefusedError, match="there is no engine ''"):
        go_on(parts, "")
