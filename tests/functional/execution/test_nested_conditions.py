"""A condition in a branch of another decides when that branch is taken, and is listed then, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seatrial.definition import build_graph, check, parse
from seatrial.execution import STEP_TYPES
from seatrial.outputs import registry_of
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.findings import Severity
from tests.adapters.memory_engine import failed
from tests.functional.execution.documents import (
    at_least,
    condition,
    fail,
    get,
    output_of,
    parameter,
    pipeline,
    processing,
)
from tests.functional.execution.trial import Trial, statuses

SDK = Path(__file__).parents[2] / "corpus" / "nested-conditions" / "definition.json"
OUTER, INNER = (at_least(get(f"Parameters.{name}"), 1) for name in ("A", "B"))
DOCUMENT = pipeline(
    processing("Before"),
    condition(
        "Outer",
        [OUTER],
        [
            processing("Yes", output_of("Before")),
            {
                **condition("Inner", [INNER], [processing("Both", output_of("Yes"))], [processing("Only")]),
                "DependsOn": ["Yes"],
            },
        ],
        [condition("Other", [INNER], [], [fail("Neither", "no")])],
    ),
    parameters=[parameter("A", 1, "Integer"), parameter("B", 1, "Integer")],
)


@pytest.mark.parametrize(
    ("a", "b", "listed"),
    [
        (1, 1, ["Before", "Outer", "Yes", "Inner", "Both"]),
        (1, 0, ["Before", "Outer", "Yes", "Inner", "Only"]),
        (0, 1, ["Before", "Outer", "Other"]),
        (0, 0, ["Before", "Outer", "Other", "Neither"]),
    ],
)
def test_only_steps_of_the_branches_that_were_taken_are_listed(
    trial: Trial, a: int, b: int, listed: list[str]
) -> None:
    record = trial.run(DOCUMENT, {"A": str(a), "B": str(b)})

    assert set(statuses(record)) == set(listed)
    refused = (a, b) == (0, 0)
    assert record.status is (ExecutionStatus.FAILED if refused else ExecutionStatus.SUCCEEDED)
    registry = registry_of(record, parse(DOCUMENT))
    assert registry.execution_metadata.total_steps == len(listed)


def test_it_is_said_before_the_run_and_refused_by_nobody() -> None:
    definition = parse(DOCUMENT)
    found = check(definition, {name: kind.shape for name, kind in STEP_TYPES.items()})

    assert [(each.code, each.step) for each in found if each.severity is not Severity.NOTE] == [
        ("ST018", "Inner"),
        ("ST018", "Other"),
    ]
    edges = {(edge.upstream, edge.downstream) for edge in build_graph(definition).edges}
    assert {("Outer", "Inner"), ("Inner", "Both"), ("Inner", "Only"), ("Other", "Neither")} <= edges


def test_a_failure_above_it_keeps_it_from_deciding(trial: Trial) -> None:
    trial.engine.answers["Yes"] = failed

    record = trial.run(DOCUMENT, {"A": "1", "B": "1"})

    assert statuses(record) == {"Before": "Succeeded", "Outer": "Succeeded", "Yes": "Failed"}


def test_conditions_stand_as_deep_as_one_likes(trial: Trial) -> None:
    steps = processing("Deepest")
    for depth in range(5):
        steps = condition(f"C{depth}", [OUTER], [steps], [])
    document = pipeline(steps, parameters=[parameter("A", 1, "Integer")])

    taken = trial.run(document, {"A": "1"})
    passed_by = trial.run(document, {"A": "0"})

    assert [step.name for step in taken.steps] == [f"C{depth}" for depth in range(4, -1, -1)] + ["Deepest"]
    assert [step.name for step in passed_by.steps] == ["C4"]


@pytest.mark.parametrize(
    ("mode", "auc", "expected"),
    [
        ("full", 0.9, {"Judge": "Succeeded", "Publish": "Succeeded"}),
        ("full", 0.5, {"Judge": "Succeeded", "TooWeak": "Failed"}),
        ("dry", 0.9, {}),
    ],
)
def test_a_definition_of_the_sdk_decides_in_turn(
    trial: Trial, mode: str, auc: float, expected: dict[str, str]
) -> None:
    trial.objects["s3://bucket/run/report/report.json"] = json.dumps({"auc": auc}).encode()

    record = trial.run(SDK.read_text(), {"EXECUTION_S3_PREFIX": "s3://bucket/run", "Mode": mode})

    assert statuses(record) == {"Measure": "Succeeded", "Wanted": "Succeeded", **expected}
    if judge := record.step("Judge"):
        assert judge.metadata == {"Condition": {"Outcome": "True" if auc > 0.8 else "False"}}
    if too_weak := record.step("TooWeak"):
        assert too_weak.failure_reason == "AUC is 0.5"
