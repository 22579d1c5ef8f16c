"""From the objects outside a pipeline to the model package that came of them."""

from __future__ import annotations

import json
from dataclasses import replace

from seatrial.dataflow import Lineage, LineageEntry, lineage_of
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.test_clean_pipelines import CODE, SOURCES, seeded, train_evaluate_register


def lineage() -> Lineage:
    return lineage_of(simulate(train_evaluate_register(), store=seeded()))


def ends(entry: LineageEntry) -> tuple[str, str]:
    source = f"{entry.from_step}.{entry.from_output}" if entry.from_step else entry.s3_uri
    return source, f"{entry.to_step}.{entry.to_input}"


def test_every_flow_from_source_to_sink_is_there_in_order() -> None:
    assert [ends(entry) for entry in lineage().entries] == [
        ("s3://cancer/raw/", "Preprocess.raw"),
        (CODE, "Preprocess.code"),
        ("Preprocess.train", "Train.train"),
        (SOURCES.strip('"'), "Train.sagemaker_submit_directory"),
        ("Train.model", "Evaluate.model"),
        ("Preprocess.test", "Evaluate.test"),
        (CODE, "Evaluate.code"),
        ("Evaluate.evaluation", "GoodEnough.PropertyFiles.Evaluation"),
        ("Train.model", "Register.InferenceSpecification.Containers[0].ModelDataUrl"),
        ("Evaluate.evaluation", "Register.ModelMetrics.ModelQuality.Statistics.S3Uri"),
    ]


def test_an_entry_carries_the_objects_that_really_flowed() -> None:
    entry = next(entry for entry in lineage().entries if entry.to_step == "Train")
    (stored,) = entry.objects
    assert stored.uri == "s3://seatrial/cancer/abc123def456/prep/train/part-0.csv"
    assert stored.size == 4
    assert stored.etag
    assert entry.timestamp.tzinfo is not None


def test_sources_are_what_came_from_outside_and_sinks_what_was_registered() -> None:
    found = lineage()
    assert found.sources == ("s3://cancer/raw/", CODE, SOURCES.strip('"'))
    assert [(sink.step, sink.arn.rpartition("/")[2]) for sink in found.sinks] == [("Register", "1")]


def test_an_input_that_mixes_origins_is_told_apart_by_object() -> None:
    store = MemoryStore()
    store.write(S3Uri.parse("s3://seatrial/fixed/prep/old.csv"), b"old")
    definition = pipeline(
        processing("Prep", outputs={"all": join(PREFIX, "prep")}),
        training("Train", {"train": output_of("Prep", "all")}),
    )
    entries = lineage_of(simulate(definition, store=store, prefix="s3://seatrial/fixed")).entries
    assert {(e.from_step, tuple(o.uri.rpartition("/")[2] for o in e.objects)) for e in entries} == {
        (None, ("old.csv",)),
        ("Prep", ("part-0.csv",)),
    }


def test_data_that_a_substitute_gave_is_told_as_such_and_the_step_is_not_judged() -> None:
    definition = pipeline(
        processing("Load", {"raw": "s3://absent/"}, {"data": join(PREFIX, "d"), "more": join(PREFIX, "m")}),
        processing("Read", {"data": output_of("Load", "data")}),
    )
    flow = simulate(definition, {"Load": Doing(writes={"more": {}})}, store=seeded())
    first, second = flow.record.steps
    given = {"Load": Substitute(outputs={"data": "/local"})}
    record = replace(flow.record, steps=(replace(first, substitute="local data"), second), substitutes=given)
    flow = replace(flow, record=record)

    assert [(ends(entry), entry.substituted) for entry in lineage_of(flow).entries] == [
        (("Load.data", "Read.data"), True)
    ]
    assert [step.name for step in flow.ran()] == ["Read"]


def test_lineage_survives_json() -> None:
    found = lineage()
    assert Lineage.model_validate(json.loads(found.model_dump_json())) == found
