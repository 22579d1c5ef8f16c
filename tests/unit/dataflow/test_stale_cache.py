"""ST115: a step that was taken from the cache, on data that is no longer what its job read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.ports.executions import Reuse, ReuseKind
from seatrial.ports.findings import Severity
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import only

RAW = S3Uri("data", "raw/a.csv")
SOURCE = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/earlier00001"


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.write(RAW, b"1,2")
    store.write(S3Uri("data", "rawest/b.csv"), b"beside it")
    return store


def cached(store: MemoryStore, kind: ReuseKind = ReuseKind.CACHE) -> Flow:
    definition = pipeline(processing("Prep", {"raw": "s3://data/raw/"}, {"out": join(PREFIX, "out")}))
    flow = simulate(definition, store=store)
    steps = tuple(replace(step, reuse=Reuse(kind, SOURCE)) for step in flow.record.steps)
    return replace(flow, record=replace(flow.record, steps=steps))


def test_data_that_is_still_there_is_no_finding(store: MemoryStore) -> None:
    assert judge(cached(store)) == []


@pytest.mark.parametrize("change", ["changed", "gone", "come"])
def test_data_that_changed_is_said_with_its_place(store: MemoryStore, change: str) -> None:
    flow = cached(store)
    if change == "changed":
        store.write(RAW, b"3,4")
    elif change == "gone":
        store.delete([RAW])
    else:
        store.write(S3Uri("data", "raw/new.csv"), b"5,6")

    found = only(judge(flow), "ST115")
    assert (found.severity, found.step) == (Severity.WARNING, "Prep")
    assert found.message == (
        "Prep was taken from the cache, and its input 'raw' has changed since execution earlier00001 read it"
    )
    assert found.where == "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    assert found.observed == ("s3://data/raw/new.csv" if change == "come" else "s3://data/raw/a.csv")


def test_a_folder_marker_and_what_lies_beside_the_place_are_not_its_data(store: MemoryStore) -> None:
    flow = cached(store)
    store.write(S3Uri("data", "raw/"), b"")
    store.write(S3Uri("data", "rawest/c.csv"), b"")

    assert judge(flow) == []


def test_checkpoints_go_on_without_a_word(store: MemoryStore) -> None:
    request = {"CheckpointConfig": {"S3Uri": "s3://data/checkpoints"}}
    flow = simulate(pipeline(training("Train", {}, **request)), store=store)
    steps = tuple(replace(step, reuse=Reuse(ReuseKind.CACHE, SOURCE)) for step in flow.record.steps)

    assert judge(replace(flow, record=replace(flow.record, steps=steps))) == []


def test_a_step_that_a_selection_took_over_is_what_its_user_asked_for(store: MemoryStore) -> None:
    flow = cached(store, ReuseKind.SELECTION)
    store.write(RAW, b"3,4")

    assert judge(flow) == []


def test_what_a_step_did_in_an_earlier_execution_is_not_judged_again(store: MemoryStore) -> None:
    flow = cached(store)
    assert only(judge(simulate(flow.definition, store=MemoryStore())), "ST103")
    elsewhere = replace(
        flow.record, prefix="s3://other/x", parameters={"EXECUTION_S3_PREFIX": "s3://other/x"}
    )

    assert [found.code for found in judge(replace(flow, record=elsewhere))] == []


def test_without_a_store_nothing_is_said(store: MemoryStore) -> None:
    flow = cached(store)
    store.write(RAW, b"3,4")

    assert judge(replace(flow, list_objects=None)) == []
