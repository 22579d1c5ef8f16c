"""Who gave a step what it found: only whoever wrote that object, and before the step was over."""

from __future__ import annotations

from dataclasses import replace

from seatrial.dataflow import Lineage, LineageEntry, lineage_of
from seatrial.definition import PipelineDefinition
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import (
    PREFIX,
    join,
    model_of,
    output_of,
    pipeline,
    processing,
    register,
    training,
)
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.seen_calls import call, with_calls
from tests.unit.dataflow.test_clean_pipelines import SOURCES, seeded

SHARED = "s3://shared/table"
OLD = S3Uri.parse(f"{SHARED}/part-0.csv")


def store() -> MemoryStore:
    made = seeded()
    made.write(OLD, b"old")
    return made


def overwriting(inputs: dict[str, object]) -> PipelineDefinition:
    """`Later` writes to the shared place after `First` is over."""
    return pipeline(
        processing("First", inputs, {"out": join(PREFIX, "first")}),
        processing("Later", {"in": output_of("First", "out")}, {"out": SHARED}),
        register("Register", output_of("First", "out")),
    )


def the_call(lineage: Lineage, step: str) -> LineageEntry:
    (entry,) = [each for each in lineage.into(step) if each.kind == "call"]
    return entry


def test_what_a_later_step_overwrote_did_not_come_from_it() -> None:
    lineage = lineage_of(simulate(overwriting({"table": SHARED}), store=store()))
    (entry,) = lineage.into("First")
    assert (entry.from_step, len(entry.objects)) == (None, 1)
    assert lineage.sinks[0].steps == ("First", "Register")
    assert SHARED in lineage.sinks[0].sources


def test_the_same_content_written_again_later_did_not_come_from_there_either() -> None:
    doing = {"Later": Doing(writes={"out": {"part-0.csv": b"old"}})}
    lineage = lineage_of(simulate(overwriting({"table": SHARED}), doing, store=store()))
    assert lineage.into("First")[0].from_step is None


def test_what_a_script_fetched_before_a_later_step_wrote_it_did_not_come_from_it() -> None:
    flow = simulate(overwriting({"raw": "s3://cancer/raw/"}), store=store())
    lineage = lineage_of(with_calls(flow, {"First": [call("GetObject", str(OLD))]}))
    assert the_call(lineage, "First").from_step is None
    assert lineage.sinks[0].steps == ("First", "Register")


def test_a_script_that_fetches_an_earlier_steps_object_is_joined_to_it() -> None:
    definition = pipeline(
        processing("First", outputs={"out": SHARED}),
        processing("Next", {"raw": "s3://cancer/raw/"}, {"out": join(PREFIX, "n")}),
    )
    flow = with_calls(simulate(definition, store=store()), {"Next": [call("GetObject", str(OLD))]})
    entry = the_call(lineage_of(flow), "Next")
    assert (entry.from_step, entry.from_output) == ("First", "out")
    assert [stored.uri for stored in entry.objects] == [str(OLD)]


def test_an_object_that_lies_beside_an_output_is_not_of_the_step_that_wrote_there() -> None:
    definition = pipeline(
        processing("First", outputs={"out": SHARED}),
        processing("Next", {"raw": "s3://cancer/raw/"}, {"out": join(PREFIX, "n")}),
    )
    made = store()
    made.write(S3Uri.parse(f"{SHARED}/other.csv"), b"seed")
    flow = simulate(definition, store=made)
    lineage = lineage_of(with_calls(flow, {"Next": [call("GetObject", f"{SHARED}/other.csv")]}))
    assert the_call(lineage, "Next").from_step is None


def test_what_a_step_wrote_itself_and_fetched_again_is_no_source() -> None:
    definition = pipeline(processing("First", outputs={"out": join(PREFIX, "first")}))
    flow = simulate(definition, store=store())
    lineage = lineage_of(with_calls(flow, {"First": [call("GetObject", "first/part-0.csv")]}))
    assert lineage.into("First") == ()
    assert lineage.sources == ()


def test_declared_code_that_the_container_was_seen_to_fetch_is_told_once() -> None:
    definition = pipeline(training("Train", hyperparameters={"sagemaker_submit_directory": SOURCES}))
    flow = simulate(definition, store=store())
    seen = with_calls(flow, {"Train": [call("GetObject", SOURCES.strip('"'))]})
    for each in (seen, replace(seen, list_objects=None, read=None)):
        assert [entry.kind for entry in lineage_of(each).into("Train")] == ["code"]


def test_metrics_that_name_one_file_of_an_output_are_that_file() -> None:
    definition = pipeline(
        training("Train", {"train": "s3://cancer/raw/"}, join(PREFIX, "model")),
        processing("Evaluate", {"model": model_of("Train")}, {"report": join(PREFIX, "report")}),
        register("Register", model_of("Train"), report=join(output_of("Evaluate", "report"), "metrics.json")),
    )
    doing = {"Evaluate": Doing(writes={"report": {"metrics.json": b"{}", "plot.png": b"."}})}
    lineage = lineage_of(simulate(definition, doing, store=store()))
    (metrics,) = [entry for entry in lineage.into("Register") if entry.kind == "metrics"]
    assert metrics.from_step == "Evaluate"
    assert [stored.uri.rpartition("/")[2] for stored in metrics.objects] == ["metrics.json"]


def test_many_objects_that_a_script_fetched_from_one_folder_are_one_flow() -> None:
    definition = pipeline(processing("First", outputs={"out": join(PREFIX, "first")}))
    made = store()
    names = [f"{SHARED}/part-{number}.csv" for number in range(3)]
    for name in names:
        made.write(S3Uri.parse(name), b"seed")
    calls = [call("GetObject", name) for name in (*names, "s3://shared/alone.csv")]
    lineage = lineage_of(with_calls(simulate(definition, store=made), {"First": calls}))
    told = {entry.s3_uri: [o.uri for o in entry.objects] for entry in lineage.into("First")}
    assert told == {f"{SHARED}/": names, "s3://shared/alone.csv": []}
