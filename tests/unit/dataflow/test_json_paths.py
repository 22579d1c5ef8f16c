"""ST128: paths of Std:JsonGet that are not in the file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.definition import PipelineDefinition
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Severity
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, Json, condition, join, json_of, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.reading import codes, only

REPORT = {"binary": {"auc": 0.9, "accuracy": {"value": 0.8}}, "rows": [1, 2]}


def evaluated(*steps: dict[str, Json]) -> PipelineDefinition:
    evaluate = processing(
        "Evaluate",
        outputs={"report": join(PREFIX, "report")},
        property_files={"Report": ("report", "evaluation.json")},
    )
    return pipeline(evaluate, *steps)


def run(definition: PipelineDefinition, report: Json = None) -> Flow:
    content = json.dumps(REPORT if report is None else report).encode()
    return simulate(definition, {"Evaluate": Doing({"report": {"evaluation.json": content}})})


def failed(flow: Flow, name: str) -> Flow:
    """The same, the step having failed."""
    steps = tuple(
        replace(step, status=StepStatus.FAILED) if step.name == name else step for step in flow.record.steps
    )
    return replace(flow, record=replace(flow.record, steps=steps))


def decided(path: str) -> PipelineDefinition:
    """A condition on the path, and nothing in its branches."""
    return evaluated(condition("Decide", json_of("Evaluate", "Report", path), []))


def failing(path: str) -> Flow:
    """The condition failed over the path, as it does where an execution really runs."""
    whole = run(decided("binary.auc"))
    flow = replace(whole, definition=decided(path))
    return failed(flow, "Decide")


def test_the_condition_that_failed_is_an_error_with_the_nearest_path() -> None:
    found = only(judge(failing("auc")), "ST128")
    assert (found.severity, found.step) == (Severity.ERROR, "Decide")
    assert found.where == "/Steps/1/Arguments/Conditions/0/LeftValue/Std:JsonGet/Path"
    assert found.also == "s3://seatrial/cancer/abc123def456/report/evaluation.json"
    assert str(found.observed).startswith("binary.auc, ")
    assert "binary.auc" in found.hint


@pytest.mark.parametrize("path", ["binary.auk", "rows[2]", "binary.auc.value", "rows.first"])
def test_whatever_leads_nowhere_is_found(path: str) -> None:
    assert codes(judge(failing(path))) == ["ST128"]


@pytest.mark.parametrize(
    ("path", "what", "near"),
    [("binary.accuracy", "an object", "binary.accuracy.value"), ("rows", "a list", "rows[0]")],
)
def test_a_condition_needs_a_value_and_not_what_holds_it(path: str, what: str, near: str) -> None:
    found = only(judge(failing(path)), "ST128")
    assert found.message == (
        f"Decide failed: the file that it looks into has {what} at {path!r}, which cannot be compared"
    )
    assert f"perhaps {near!r}" in found.hint


def test_a_step_may_be_handed_what_holds_values() -> None:
    other = processing("Refine", arguments=["--all", json_of("Evaluate", "Report", "binary")])
    flow = run(evaluated(condition("Decide", json_of("Evaluate", "Report", "binary.auc"), [], [other])))
    assert judge(flow) == []


@pytest.mark.parametrize("path", ["binary.auc", "rows[1]", "binary['accuracy'].value"])
def test_a_step_that_failed_for_another_reason_is_none_of_this(path: str) -> None:
    assert judge(failing(path)) == []


def test_a_branch_that_was_not_taken_is_a_warning() -> None:
    other = processing("Refine", arguments=["--auc", json_of("Evaluate", "Report", "binary.auk")])
    definition = evaluated(condition("Decide", json_of("Evaluate", "Report", "binary.auc"), [], [other]))
    found = only(judge(run(definition)), "ST128")
    assert (found.severity, found.step) == (Severity.WARNING, "Refine")
    assert "Refine would fail if it ran" in found.message


def test_a_step_that_found_its_value_is_well_whatever_the_file_has_become() -> None:
    flow = run(decided("binary.auc"))
    assert flow.list_objects is not None
    store = MemoryStore()
    store.write(S3Uri.parse("s3://seatrial/cancer/abc123def456/report/evaluation.json"), b"{}")
    assert "ST128" not in codes(judge(replace(flow, read=store.read)))


def test_a_file_that_is_no_json_or_not_there_is_its_producers_fault() -> None:
    flow = failing("auc")
    store = MemoryStore()
    assert "ST128" not in codes(judge(replace(flow, read=store.read)))
    store.write(S3Uri.parse("s3://seatrial/cancer/abc123def456/report/evaluation.json"), b"{'a': 1}")
    assert "ST128" not in codes(judge(replace(flow, read=store.read)))


def test_a_file_that_is_named_by_its_uri_is_looked_into_as_well() -> None:
    value = {"Std:JsonGet": {"S3Uri": join(PREFIX, "report", "evaluation.json"), "Path": "auc"}}
    other = processing("Refine", arguments=[value], depends_on=("Evaluate",))
    definition = evaluated(condition("Decide", json_of("Evaluate", "Report", "binary.auc"), [], [other]))
    found = only(judge(run(definition)), "ST128")
    assert found.where == (
        "/Steps/1/Arguments/ElseSteps/0/Arguments/AppSpecification/ContainerArguments/0/Std:JsonGet/Path"
    )


def test_nothing_is_said_of_a_file_of_which_nobody_knows_where_it_lies() -> None:
    place = join("s3://data", {"Get": "Execution.CurrentDateTime"})
    value = {"Std:JsonGet": {"S3Uri": place, "Path": "auc"}}
    other = processing("Refine", arguments=[value])
    definition = evaluated(condition("Decide", json_of("Evaluate", "Report", "binary.auc"), [], [other]))
    assert judge(run(definition)) == []
