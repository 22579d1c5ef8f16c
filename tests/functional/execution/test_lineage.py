"""The lineage of whole executions: models of Model steps, searches, work that an earlier execution did."""

from __future__ import annotations

import json

from seatrial.dataflow import Flow, Lineage, lineage_of
from seatrial.definition import build_graph, parse
from seatrial.outputs import registry_of
from seatrial.ports.executions import ExecutionRecord, Selection
from seatrial.reports.openlineage import events_of
from tests.adapters.openlineage import hold
from tests.functional.execution.documents import get, model, pipeline, register
from tests.functional.execution.test_caching import CHAIN, writing
from tests.functional.execution.test_transform_steps import DATA, packaged, transform
from tests.functional.execution.test_tuning_steps import joined, searched, tuning
from tests.functional.execution.trial import Trial


def told(record: ExecutionRecord) -> Lineage:
    """The lineage of an execution; its events are held against the specification on the way."""
    definition = parse(record.definition)
    flow = Flow(definition, build_graph(definition), record, registry_of(record, definition))
    lineage = lineage_of(flow)
    for event in events_of(record, lineage, "test"):
        hold(json.loads(event.as_text()))
    return lineage


def test_what_was_scored_leads_back_through_the_model_to_its_archive(trial: Trial) -> None:
    after = register("After", get("Steps.Score.TransformOutput.S3OutputPath"))
    lineage = told(
        trial.run(pipeline(model("Create", DATA), transform("Score", get("Steps.Create.ModelName")), after))
    )
    (package,) = lineage.sinks
    assert package.steps == ("Create", "Score", "After")
    assert package.sources == (DATA, "s3://bucket/in/")
    (name,) = lineage.values_into("Score")
    assert (name.from_step, name.property_path) == ("Create", "ModelName")


def test_a_model_of_a_package_leads_back_through_the_package(trial: Trial) -> None:
    lineage = told(
        trial.run(
            pipeline(
                register("Register", DATA),
                packaged("Create", "Register"),
                transform("Score", get("Steps.Create.ModelName")),
                register("After", get("Steps.Score.TransformOutput.S3OutputPath")),
            )
        )
    )
    assert lineage.sinks[1].steps == ("Register", "Create", "Score", "After")
    assert DATA in lineage.sinks[1].sources


def test_a_package_of_the_best_model_names_the_search_and_its_best_job(trial: Trial) -> None:
    trial.engine.answers["Tune"] = searched
    lineage = told(
        trial.run(pipeline(tuning(), register("Register", joined("BestTrainingJob.TrainingJobName"))))
    )
    assert lineage.sinks[0].steps == ("Tune", "Register")
    step = lineage.step("Tune")
    assert step is not None
    assert str(step.best_job).endswith("-001-0123abcd")


def test_what_the_step_cache_gave_is_followed_into_the_execution_that_did_it(trial: Trial) -> None:
    trial.engine.answers["A"] = lambda request: writing(trial, request)
    first, second = (trial.run(CHAIN, prefix="s3://bucket/one") for _ in range(2))
    lineage = told(second)
    assert [(step.name, step.reused_from, step.reuse) for step in lineage.steps] == [
        ("A", first.execution_id, "CacheHitResult"),
        ("B", first.execution_id, "CacheHitResult"),
    ]
    assert [step.job_name for step in lineage.steps] == [step.job_name for step in first.steps]
    assert {entry.reused_from for entry in lineage.entries} <= {first.execution_id}


def test_what_a_selection_left_out_is_followed_into_its_source(trial: Trial) -> None:
    trial.engine.answers["A"] = lambda request: writing(trial, request)
    first = trial.run(CHAIN, prefix="s3://bucket/one")
    second = trial.run(
        CHAIN, {"Rows": "11"}, prefix="s3://bucket/one", selection=Selection(("B",), first.arn)
    )
    step = told(second).step("A")
    assert step is not None
    assert (step.reused_from, step.reuse) == (first.execution_id, "SelectiveExecutionResult")


def test_an_execution_that_registered_nothing_has_no_package(trial: Trial) -> None:
    assert told(trial.run(pipeline(model("Create", DATA)))).sinks == ()
