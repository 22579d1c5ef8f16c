"""An execution in the words of OpenLineage, held against the classes made of its schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from seatrial.dataflow import Flow, lineage_of
from seatrial.ports.contents import Column, Contents, Profile, Table
from seatrial.ports.executions import AttemptRecord, ExecutionStatus, StepStatus
from seatrial.ports.substitutes import Substitute
from seatrial.reports.openlineage import events_of
from tests.adapters.openlineage import hold
from tests.adapters.simulated_run import START, Doing, simulate
from tests.unit.dataflow.test_clean_pipelines import seeded, train_evaluate_register
from tests.unit.reports.lineage.lineages import flow as reused

Event = dict[str, Any]


def events(flow: Flow) -> list[Event]:
    """What goes out, each event held against the specification."""
    found = events_of(flow.record, lineage_of(flow), "here", flow.profiles)
    told = [json.loads(event.as_text()) for event in found]
    for event in told:
        hold(event)
    return told


def succeeded() -> Flow:
    return simulate(train_evaluate_register(), store=seeded())


def failed() -> Flow:
    return simulate(
        train_evaluate_register(), {"Train": Doing(fails="AlgorithmError: exit 1")}, store=seeded()
    )


def stopped() -> Flow:
    flow = succeeded()
    steps = tuple(
        replace(step, status=StepStatus.STOPPED) if step.name == "Train" else step
        for step in flow.record.steps[:2]
    )
    return replace(flow, record=replace(flow.record, steps=steps, status=ExecutionStatus.STOPPED))


def given() -> Flow:
    flow = succeeded()
    first, *rest = flow.record.steps
    steps = (replace(first, substitute="local data"), *rest)
    what = {"Preprocess": Substitute(outputs={"train": "/t", "test": "/t"})}
    return replace(flow, record=replace(flow.record, steps=steps, substitutes=what))


def running() -> Flow:
    flow = succeeded()
    first, second, *_ = flow.record.steps
    steps = (first, replace(second, status=StepStatus.EXECUTING, ended_at=None, result=None))
    return replace(
        flow, record=replace(flow.record, steps=steps, status=ExecutionStatus.EXECUTING, ended_at=None)
    )


def types(told: Iterable[Event], job: str) -> list[str]:
    return [event["eventType"] for event in told if event["job"]["name"] == job]


def last(told: Iterable[Event], job: str) -> Event:
    return [event for event in told if event["job"]["name"] == job][-1]


@pytest.mark.parametrize("flow", [succeeded, failed, stopped, given, running, reused])
def test_every_event_fits_the_specification(flow: Any) -> None:
    assert events(flow())


def test_the_pipeline_and_each_step_begin_and_end() -> None:
    told = events(succeeded())
    assert {event["job"]["name"] for event in told} == {
        "cancer",
        *(f"cancer.{name}" for name in ("Preprocess", "Train", "Evaluate", "GoodEnough", "Register")),
    }
    assert all(types(told, event["job"]["name"]) == ["START", "COMPLETE"] for event in told)
    assert all(event["job"]["namespace"] == "here" for event in told)
    assert told[0]["job"]["name"] == told[-1]["job"]["name"] == "cancer"
    assert told[0]["eventTime"] == "2026-03-01T12:00:00+00:00"


def test_a_step_names_the_run_of_the_pipeline_as_its_parent() -> None:
    told = events(succeeded())
    pipeline = told[0]
    parent = last(told, "cancer.Train")["run"]["facets"]["parent"]
    assert parent["run"] == {"runId": pipeline["run"]["runId"]}
    assert parent["job"] == {"namespace": "here", "name": "cancer"}
    assert "parent" not in pipeline["run"]["facets"]


def test_a_failed_step_ends_with_its_reason_and_so_does_the_pipeline() -> None:
    told = events(failed())
    step = last(told, "cancer.Train")
    assert step["eventType"] == "FAIL"
    assert step["run"]["facets"]["errorMessage"]["message"] == "AlgorithmError: exit 1"
    assert types(told, "cancer") == ["START", "FAIL"]


def test_a_stopped_execution_is_aborted() -> None:
    told = events(stopped())
    assert types(told, "cancer.Train") == types(told, "cancer") == ["START", "ABORT"]


def test_what_has_not_ended_has_only_begun() -> None:
    told = events(running())
    assert types(told, "cancer.Train") == types(told, "cancer") == ["START"]
    assert types(told, "cancer.Preprocess") == ["START", "COMPLETE"]


def test_both_ends_of_a_flow_give_the_data_one_name() -> None:
    told = events(succeeded())
    written = {(o["namespace"], o["name"]): o for o in last(told, "cancer.Preprocess")["outputs"]}
    (read,) = last(told, "cancer.Train")["inputs"]
    place = ("s3://seatrial", "cancer/abc123def456/prep/train")
    assert (read["namespace"], read["name"]) == place
    assert read["facets"]["version"] == written[place]["facets"]["version"]
    assert written[place]["outputFacets"]["outputStatistics"]["fileCount"] == 1
    assert read["inputFacets"]["inputStatistics"]["size"] == 4


def test_data_from_outside_is_named_by_bucket_and_key() -> None:
    (raw,) = last(events(succeeded()), "cancer.Preprocess")["inputs"]
    assert (raw["namespace"], raw["name"]) == ("s3://cancer", "raw")
    assert raw["facets"]["version"]["datasetVersion"] == "9dd4e461268c8034f5c8564e155c67a6"


def test_a_package_is_what_its_step_wrote() -> None:
    (package,) = last(events(succeeded()), "cancer.Register")["outputs"]
    assert package["namespace"] == "arn:aws:sagemaker:us-east-1:123456789012"
    assert package["name"] == "model-package/Group/1"


def test_code_is_named_with_its_digest_and_is_no_data() -> None:
    step = last(events(succeeded()), "cancer.Preprocess")
    facets = step["job"]["facets"]
    assert facets["sourceCodeLocation"]["url"].endswith("/cancer/code/run.py")
    assert len(facets["sourceCodeLocation"]["version"]) == 64
    assert facets["sourceCode"]["sourceCode"] == "python3 run.py"
    assert not any("code" in dataset["name"] for dataset in step["inputs"])


def test_a_stand_in_a_reused_step_and_a_substitute_are_tagged() -> None:
    def tags(flow: Flow) -> dict[str, str]:
        facet = last(events(flow), "cancer.Preprocess")["run"]["facets"]["tags"]
        return {tag["key"]: tag["value"] for tag in facet["tags"]}

    assert tags(reused())["image_stands_in"] == "Python 3.11 instead of 3.9"
    assert tags(reused())["reused_from"] == "earlier00000"
    assert tags(given())["substitute"] == "local data"


def test_each_attempt_is_a_run_of_its_own() -> None:
    flow = succeeded()
    first = AttemptRecord(
        1, "job-1", START, START + timedelta(seconds=1), "CapacityError", "SageMaker.CAPACITY_ERROR"
    )
    steps = tuple(
        replace(step, attempts=2, earlier=(first,)) if step.name == "Train" else step
        for step in flow.record.steps
    )
    told = events(replace(flow, record=replace(flow.record, steps=steps)))
    assert types(told, "cancer.Train") == ["START", "FAIL", "START", "COMPLETE"]
    assert len({event["run"]["runId"] for event in told if event["job"]["name"] == "cancer.Train"}) == 2


def test_telling_it_again_tells_the_same_and_another_execution_has_other_runs() -> None:
    flow = succeeded()
    later = replace(flow, record=replace(flow.record, started_at=START - timedelta(hours=1)))
    assert events(flow) == events(flow)
    ids = [{event["run"]["runId"] for event in events(each)} for each in (flow, later)]
    assert not ids[0] & ids[1]


def test_the_columns_of_an_output_that_is_one_table_are_its_schema() -> None:
    columns = (Column("age", "integer"), Column("name", "text"))
    one = Profile(tables=(Table("part-*.csv", "csv", 1, 7, 7, columns),))
    two = Profile(tables=(*one.tables, *one.tables))
    contents = Contents(outputs={("Preprocess", "train"): one, ("Preprocess", "test"): two})
    train, test = last(events(replace(succeeded(), contents=contents)), "cancer.Preprocess")["outputs"]
    assert [(f["name"], f["type"], f["ordinal_position"]) for f in train["facets"]["schema"]["fields"]] == [
        ("age", "integer", 1),
        ("name", "text", 2),
    ]
    assert train["outputFacets"]["outputStatistics"]["rowCount"] == 7
    assert "schema" not in test["facets"]


def test_an_output_to_which_nothing_was_written_is_no_dataset() -> None:
    (train,) = [e for e in events(succeeded()) if e["job"]["name"] == "cancer.Train" and e["outputs"]]
    assert [output["name"].rpartition("/")[2] for output in train["outputs"]] == ["model.tar.gz"]
