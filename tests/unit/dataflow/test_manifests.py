"""An input by a manifest: its location is one object, and what it names has writers of its own."""

from __future__ import annotations

import dataclasses

import pytest

from seatrial.dataflow import Flow, judge, judge_definition, lineage_of
from seatrial.definition import PipelineDefinition
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, Json, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.reading import codes, only

LIST = {"list": {"train": b"a manifest"}}


def by_manifest(
    location: Json, *before: dict[str, Json], depends_on: tuple[str, ...] = ()
) -> PipelineDefinition:
    """A training step whose channel is read by the manifest at the location."""
    train = training("Train", {"train": location}, depends_on=depends_on)
    train["Arguments"]["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    return pipeline(*before, train)


def led_to(flow: Flow, *outputs: str) -> Flow:
    """The flow, its last step having read every object of those outputs besides the manifest."""
    *others, last = flow.record.steps
    assert last.result is not None
    (receipt,) = last.result.inputs
    named = [
        stored
        for step in others
        for written in (step.result.outputs if step.result else ())
        if f"{step.name}.{written.name}" in outputs
        for stored in written.objects
    ]
    receipt = dataclasses.replace(receipt, objects=(*receipt.objects, *named))
    result = dataclasses.replace(last.result, inputs=(receipt,))
    steps = (*others, dataclasses.replace(last, result=result))
    return dataclasses.replace(flow, record=dataclasses.replace(flow.record, steps=steps))


MAKE = processing("Make", outputs={"data": join(PREFIX, "make")})
LISTING = processing("List", {"data": output_of("Make", "data")}, outputs={"list": join(PREFIX, "lists")})
APART = processing("List", outputs={"list": join(PREFIX, "lists")})
MANIFEST = join(output_of("List", "list"), "train")


def test_the_manifest_and_what_it_names_are_joined_to_their_writers() -> None:
    flow = led_to(simulate(by_manifest(MANIFEST, MAKE, LISTING), {"List": Doing(writes=LIST)}), "Make.data")
    assert judge(flow) == []
    entries = [entry for entry in lineage_of(flow).entries if entry.to_step == "Train"]
    assert {(entry.from_step, entry.from_output) for entry in entries} == {("List", "list"), ("Make", "data")}


def test_a_writer_that_nobody_waits_for_is_found_after_the_run() -> None:
    definition = by_manifest(MANIFEST, MAKE, APART)
    assert judge_definition(definition) == []
    found = only(judge(led_to(simulate(definition, {"List": Doing(writes=LIST)}), "Make.data")), "ST109")
    assert (found.step, found.also) == ("Train", "Make.data")
    assert "led Train to 1 object of Make.data, and Train does not wait for Make" in found.message


def test_a_dependency_is_enough() -> None:
    definition = by_manifest(MANIFEST, MAKE, APART, depends_on=("Make",))
    assert codes(judge(led_to(simulate(definition, {"List": Doing(writes=LIST)}), "Make.data"))) == []


def test_what_begins_like_a_manifest_is_no_neighbour_of_it() -> None:
    raw = processing("Raw", outputs={"raw": join(PREFIX, "lists/train-raw")})
    definition = by_manifest(MANIFEST, raw, APART, depends_on=("Raw",))
    flow = led_to(simulate(definition, {"List": Doing(writes=LIST)}), "Raw.raw")
    assert "ST113" not in codes(judge(flow))


def test_what_lies_beneath_a_manifests_key_is_not_read() -> None:
    writes = processing("Make", outputs={"data": "s3://data/lists/train/made"})
    assert "ST109" not in codes(judge_definition(by_manifest("s3://data/lists/train", writes)))


@pytest.mark.parametrize(("key", "found"), [("train", []), ("train.bak", ["ST103"])])
def test_a_manifest_that_is_not_there_is_an_absent_input(key: str, found: list[str]) -> None:
    store = MemoryStore()
    store.write(S3Uri("data", f"lists/{key}"), b"[]")
    definition = by_manifest("s3://data/lists/train")
    flow = simulate(definition, {"Train": Doing(fails="ClientError: no")}, store=store)
    (step,) = flow.record.steps
    silent = dataclasses.replace(flow.record, steps=(dataclasses.replace(step, result=None),))
    assert codes(judge(dataclasses.replace(flow, record=silent))) == found
