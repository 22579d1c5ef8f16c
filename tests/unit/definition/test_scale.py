"""Two thousand steps, as the service takes them, cost about a thousand times what two cost, not a million."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from seatrial.definition import Json, build_graph, check, parse
from seatrial.ports.findings import Severity
from tests.unit.definition.documents import SHAPES, document, get, outputs, processing, step

READ = "Steps.{}.ProcessingOutputConfig.Outputs['o'].S3Output.S3Uri"


def chain(length: int) -> str:
    def link(index: int) -> Json:
        upstream = {"IN": get(READ.format(f"S{index - 1}"))} if index else {}
        return step(
            f"S{index}", arguments=processing(ProcessingOutputConfig=outputs("o"), Environment=upstream)
        )

    return json.dumps(document(*map(link, reversed(range(length)))))


def fan(length: int) -> str:
    hub = step("Hub", arguments=processing(ProcessingOutputConfig=outputs("o")))
    spokes = [
        step(f"S{index}", arguments=processing(Environment={"IN": get(READ.format("Hub"))}))
        for index in range(length - 1)
    ]
    return json.dumps(document(hub, *spokes))


def ring(length: int) -> str:
    return json.dumps(document(*(step(f"S{i}", DependsOn=[f"S{(i + 1) % length}"]) for i in range(length))))


def calls(work: Callable[[], object]) -> int:
    """How many Python functions `work` calls: a measure that no busy machine can disturb."""
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(previous)
    return count


def examine(text: str) -> None:
    definition = parse(text)
    check(definition, SHAPES)
    graph = build_graph(definition)
    if not graph.cycles():
        graph.order()


@pytest.mark.parametrize("pipeline", [chain, fan, ring])
def test_work_grows_with_the_number_of_steps(pipeline: Callable[[int], str]) -> None:
    examine(pipeline(2))  # the service model is loaded once, and is not part of the growth
    small, large = pipeline(100), pipeline(400)

    assert calls(lambda: examine(large)) < 5 * calls(lambda: examine(small))


def test_two_thousand_steps_are_ordered() -> None:
    definition = parse(chain(2000))

    assert [f for f in check(definition, SHAPES) if f.severity is Severity.ERROR] == []
    assert build_graph(definition).order() == tuple(f"S{index}" for index in range(2000))


def test_a_cycle_of_two_thousand_steps_is_shown() -> None:
    (finding,) = [f for f in check(parse(ring(2000)), SHAPES) if f.code == "ST015"]

    assert finding.message.count(" -> ") == 2000
