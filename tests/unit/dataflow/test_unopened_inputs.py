"""ST124: an input of which a step that succeeded opened nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Severity
from seatrial.ports.observation import InputFiles, Observation, S3Call
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import codes, only

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def flow_of(seen: Observation | None, name: str = "raw", content: bytes = b"1,2") -> Flow:
    """One step with one input, of which this was seen."""
    store = MemoryStore()
    store.write(S3Uri("data", "raw/a.csv"), content)
    store.write(S3Uri("data", "raw/b.csv"), content)
    definition = pipeline(processing("Prep", {name: "s3://data/raw/"}, {"out": join(PREFIX, "out")}))
    flow = simulate(definition, store=store)
    (step,) = flow.record.steps
    assert step.result is not None
    step = replace(step, result=replace(step.result, observation=seen))
    return replace(flow, record=replace(flow.record, steps=(step,)))


def opened(count: int, name: str = "raw", of: int = 2, **more: object) -> Observation:
    unopened = ("a.csv", "b.csv")[: of - count]
    return replace(Observation(inputs=(InputFiles(name, of, count, unopened),)), **more)  # type: ignore[arg-type]  # any member


def test_an_input_of_which_nothing_was_opened_came_for_nothing() -> None:
    found = only(judge(flow_of(opened(0))), "ST124")
    assert (found.severity, found.step) == (Severity.WARNING, "Prep")
    assert found.message == "Prep opened none of the 2 files of its input 'raw'"
    assert found.where == "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    assert found.also == "s3://data/raw/"
    assert found.observed == "never opened: a.csv, b.csv"


def test_of_a_single_file_it_is_said_plainly() -> None:
    found = only(judge(flow_of(opened(0, of=1))), "ST124")
    assert found.message == "Prep did not open the one file of its input 'raw'"


@pytest.mark.parametrize(
    "seen",
    [
        opened(2),
        opened(1),  # a marker that nobody reads is no fault
        opened(0, of=0),
        Observation(),
        Observation(files_unseen="not on this machine"),
        None,
    ],
)
def test_nothing_is_said_of_what_was_opened_in_part_or_not_observed(seen: Observation | None) -> None:
    assert codes(judge(flow_of(seen))) == []


def test_empty_files_are_there_to_be_listed() -> None:
    assert "ST124" not in codes(judge(flow_of(opened(0), content=b"")))


def test_code_is_no_data() -> None:
    assert codes(judge(flow_of(opened(0, "code"), "code"))) == []


def test_what_a_check_step_brings_its_analyzer_is_nobodys_to_take_away() -> None:
    flow = flow_of(opened(0))
    (step,) = flow.record.steps
    check = replace(step, type="QualityCheck")
    assert "ST124" not in codes(judge(replace(flow, record=replace(flow.record, steps=(check,)))))


@pytest.mark.parametrize(
    ("substitute", "said"),
    [
        (Substitute(script="mock.py"), False),
        (Substitute(script="mock.py", image="mock"), False),
        (Substitute(image="mine"), True),  # its own script ran, in another image
        (Substitute(inputs={"raw": "fixtures/raw"}), True),  # its own script ran
    ],
    ids=["a script", "a script in an image", "an image", "data for an input"],
)
def test_what_stands_in_for_a_step_need_not_read_its_inputs(substitute: Substitute, said: bool) -> None:
    flow = flow_of(opened(0))
    played = replace(flow, record=replace(flow.record, substitutes={"Prep": substitute}))
    assert ("ST124" in codes(judge(played))) is said


def test_a_step_that_failed_may_not_have_come_to_it() -> None:
    flow = flow_of(opened(0))
    (step,) = flow.record.steps
    failed = replace(step, status=StepStatus.FAILED)
    assert "ST124" not in codes(judge(replace(flow, record=replace(flow.record, steps=(failed,)))))


@pytest.mark.parametrize(
    ("operation", "status", "read"),
    [
        ("GetObject", 200, True),
        ("GetObject", 206, True),
        ("CopySource", 200, True),
        ("GetObject", 403, False),
        ("GetObject", 404, False),
        ("HeadObject", 200, False),
        ("CopyObject", 200, False),
    ],
)
def test_data_that_were_read_from_s3_instead_are_a_note(operation: str, status: int, read: bool) -> None:
    call = S3Call(operation, "data", "raw/a.csv", status, NOON, NOON)
    found = only(judge(flow_of(opened(0, calls=(call,)))), "ST124")
    assert found.severity is (Severity.NOTE if read else Severity.WARNING)
    assert found.message.endswith("read the data from S3 instead") is read
