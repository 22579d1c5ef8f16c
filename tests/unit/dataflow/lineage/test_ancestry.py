"""What lies behind a model package: whose data is in it, and what let it through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.dataflow import Flow, Lineage, lineage_of
from seatrial.dataflow.lineage import ancestry_of
from seatrial.ports.executions import Reuse, ReuseKind, StepRecord
from seatrial.ports.images import LocalImage
from seatrial.ports.observation import Observation, S3Call
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.adapters.pipelines import (
    IMAGE,
    PREFIX,
    condition,
    fail,
    join,
    json_of,
    model_of,
    output_of,
    pipeline,
    processing,
    register,
    training,
)
from tests.adapters.simulated_run import START, Doing, simulate
from tests.unit.dataflow.test_clean_pipelines import CODE, SOURCES, seeded, train_evaluate_register

SOURCE = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/earlier00000"


def told(flow: Flow | None = None) -> Lineage:
    return lineage_of(flow or simulate(train_evaluate_register(), store=seeded()))


def changed(flow: Flow, name: str, **changes: object) -> Flow:
    """The flow with one step's record changed."""
    steps = tuple(
        replace(step, **changes) if step.name == name else step  # type: ignore[arg-type]  # by test only
        for step in flow.record.steps
    )
    return replace(flow, record=replace(flow.record, steps=steps))


def the(flow: Flow, name: str) -> StepRecord:
    found = flow.record.step(name)
    assert found is not None
    return found


def test_a_package_names_the_steps_whose_data_is_in_it_and_the_sources_of_that_data() -> None:
    (package,) = told().sinks
    assert package.steps == ("Preprocess", "Train", "Evaluate", "Register")
    assert package.sources == ("s3://cancer/raw/", CODE, SOURCES.strip('"'))


def test_each_object_from_outside_is_told_with_its_etag() -> None:
    outside = [entry for entry in told().entries if entry.from_step is None]
    assert all(stored.etag for entry in outside for stored in entry.objects)
    assert {entry.to_step for entry in outside} == {"Preprocess", "Train", "Evaluate"}


def test_what_the_container_fetches_by_itself_is_as_the_store_has_it_now() -> None:
    (sources,) = [entry for entry in told().entries if entry.to_input == "sagemaker_submit_directory"]
    assert [stored.recorded for stored in sources.objects] == [False]


def test_a_condition_lets_a_package_through_with_the_value_that_it_read() -> None:
    lineage = told()
    assert lineage.sinks[0].decisions == ("GoodEnough",)
    (decision,) = lineage.decisions
    (read,) = decision.read
    assert (decision.outcome, read.source, read.path, read.value) == (
        True,
        "Evaluate.PropertyFiles.Evaluation",
        "auc",
        "0.9",
    )
    assert read.uri == "s3://seatrial/cancer/abc123def456/evaluate/evaluation/evaluation.json"
    assert read.etag


def only_decided() -> Lineage:
    """Evaluate's metrics are not registered: nothing but the condition reads what it wrote."""
    definition = pipeline(
        training("Train", {"train": "s3://cancer/raw/"}, join(PREFIX, "model")),
        processing(
            "Evaluate",
            {"model": model_of("Train")},
            {"evaluation": join(PREFIX, "evaluation")},
            property_files={"Evaluation": ("evaluation", "evaluation.json")},
        ),
        processing("Explain", {"model": model_of("Train")}, {"report": join(PREFIX, "explain")}),
        condition(
            "Gate", json_of("Evaluate", "Evaluation", "auc"), [register("Register", model_of("Train"))]
        ),
    )
    return told(simulate(definition, store=seeded()))


def test_a_step_that_only_a_decision_read_is_no_ancestor_of_the_data() -> None:
    (package,) = only_decided().sinks
    assert package.steps == ("Train", "Register")
    assert package.decisions == ("Gate",)
    assert package.decision_steps == ("Evaluate",)


def test_a_branch_that_nobody_read_does_not_lie_behind_the_package() -> None:
    lineage = only_decided()
    assert "Explain" not in ancestry_of(lineage, "Register").every
    assert ancestry_of(lineage, "Explain").steps == ("Train", "Explain")


def test_the_container_of_a_package_names_the_archive_with_its_etag_and_the_image_that_ran() -> None:
    flow = simulate(train_evaluate_register(), store=seeded())
    ran = LocalImage(IMAGE, "seatrial/scikit-learn:1", "sha256:ab", "Python 3.11 instead of 3.9")
    result = the(flow, "Train").result
    assert result is not None
    lineage = told(changed(flow, "Train", result=replace(result, image=ran)))
    (container,) = lineage.sinks[0].containers
    assert container.model_data_url == result.outputs[0].s3_uri
    assert container.etag == result.outputs[0].objects[0].etag
    assert container.ran is not None
    assert (container.ran.image_id, container.ran.substituted) == ("sha256:ab", "Python 3.11 instead of 3.9")


def test_an_image_that_no_step_ran_is_named_without_one_that_ran() -> None:
    (container,) = told().sinks[0].containers
    assert (container.image, container.ran) == (IMAGE, None)


def test_a_reused_step_is_followed_into_the_execution_that_ran_it() -> None:
    flow = simulate(train_evaluate_register(), store=seeded())
    flow = changed(flow, "Preprocess", reuse=Reuse(ReuseKind.CACHE, SOURCE))
    lineage = told(flow)
    step = lineage.step("Preprocess")
    assert step is not None
    assert (step.reused_from, step.reuse) == ("earlier00000", "CacheHitResult")
    raw = next(entry for entry in lineage.into("Preprocess") if entry.to_input == "raw")
    assert raw.reused_from == "earlier00000"
    assert "s3://cancer/raw/" in lineage.sinks[0].sources


def test_a_given_outcome_is_where_the_lineage_ends() -> None:
    flow = simulate(train_evaluate_register(), store=seeded())
    flow = changed(flow, "Preprocess", substitute="local data for train, test")
    given = {"Preprocess": Substitute(outputs={"train": "/t", "test": "/t"})}
    lineage = told(replace(flow, record=replace(flow.record, substitutes=given)))
    assert lineage.into("Preprocess") == ()
    assert "Preprocess" in lineage.sinks[0].steps
    assert "s3://cancer/raw/" not in lineage.sinks[0].sources


def test_an_object_that_only_the_script_asked_for_lies_behind_the_package_too() -> None:
    flow = simulate(train_evaluate_register(), store=seeded())
    result = the(flow, "Train").result
    assert result is not None
    place = ("cancer", "raw/a.csv", 200, START, START)
    refused = S3Call("GetObject", "cancer", "raw/secret.csv", 403, START, START)
    seen = Observation(calls=(S3Call("GetObject", *place), S3Call("HeadObject", *place), refused))
    lineage = told(changed(flow, "Train", result=replace(result, observation=seen)))
    (call,) = [entry for entry in lineage.into("Train") if entry.kind == "call"]
    assert call.s3_uri == "s3://cancer/raw/a.csv"
    assert call.s3_uri in lineage.sinks[0].sources


def test_a_name_that_a_step_was_given_joins_it_to_the_step_that_made_it() -> None:
    definition = pipeline(
        processing("Name", outputs={"data": join(PREFIX, "d")}),
        processing(
            "Use",
            {"raw": "s3://cancer/raw/"},
            {"out": join(PREFIX, "out")},
            arguments=["--job", {"Get": "Steps.Name.RoleArn"}],
        ),
        register("Register", output_of("Use", "out")),
    )
    lineage = told(simulate(definition, store=seeded()))
    (value,) = lineage.values
    assert (value.from_step, value.property_path, value.to_step) == ("Name", "RoleArn", "Use")
    assert value.value == "arn:aws:iam::123456789012:role/Pipeline"
    assert "Name" in lineage.sinks[0].steps


def test_a_condition_whose_file_was_overwritten_is_told_without_its_value() -> None:
    flow = simulate(train_evaluate_register(), store=seeded())
    assert flow.read is not None
    other = simulate(
        train_evaluate_register(),
        {"Evaluate": Doing(writes={"evaluation": {"evaluation.json": b'{"auc": 0.7}'}})},
    )
    (decision,) = told(replace(flow, list_objects=other.list_objects, read=other.read)).decisions
    assert (decision.read[0].value, decision.read[0].note) == (None, "overwritten since the step read it")


@pytest.mark.parametrize("place", ["s3://cancer/limits/", "s3://cancer/limits/auc.json"])
def test_a_condition_that_reads_an_object_by_its_location_is_told_with_its_value(place: str) -> None:
    store = seeded()
    store.write(S3Uri.parse("s3://cancer/limits/auc.json"), b'{"auc": 0.8}')
    found = {
        "Std:JsonGet": {
            "S3Uri": join(place, "auc.json", on="") if place.endswith("/") else place,
            "Path": "auc",
        }
    }
    definition = pipeline(
        training("Train", {"train": "s3://cancer/raw/"}, join(PREFIX, "model")),
        condition("Gate", found, [register("Register", model_of("Train"))]),
    )
    lineage = told(simulate(definition, store=store))
    (read,) = lineage.decisions[0].read
    assert (read.value, read.uri) == ("0.8", "s3://cancer/limits/auc.json")
    (entry,) = lineage.into("Gate")
    assert (entry.kind, entry.from_step) == ("decision", None)


def test_of_two_objects_that_a_condition_reads_each_has_its_own_value() -> None:
    definition = pipeline(
        *(
            processing(
                name,
                {"raw": "s3://cancer/raw/"},
                {"report": join(PREFIX, name, "report")},
            )
            for name in ("One", "Two")
        ),
        condition(
            "Gate", _json_of_output("One"), [condition("Inner", _json_of_output("Two"), [fail("Stop")])]
        ),
    )
    writes = {
        name: Doing(writes={"report": {"a.json": b"{}", "b.json": b'{"auc": %d}' % value}})
        for name, value in (("One", 1), ("Two", 2))
    }
    made = told(simulate(definition, writes, store=seeded())).decisions
    assert [(each.step, each.read[0].value) for each in made] == [("Gate", "1"), ("Inner", "2")]


def test_of_two_names_that_end_alike_a_condition_read_the_whole_one() -> None:
    definition = pipeline(
        processing("One", {"raw": "s3://cancer/raw/"}, {"report": join(PREFIX, "report")}),
        condition("Gate", _json_of_output("One"), [fail("Stop")]),
    )
    files = {"ab.json": b'{"auc": 1}', "b.json": b'{"auc": 2}'}
    flow = simulate(definition, {"One": Doing(writes={"report": files})}, store=seeded())
    assert told(flow).decisions[0].read[0].value == "2"


def test_of_two_objects_of_one_output_each_has_its_own_value() -> None:
    gate = condition("Gate", _json_of_output("One"), [fail("Stop")])
    gate["Arguments"]["Conditions"][0]["RightValue"] = _json_of_output("One", "ab.json")
    definition = pipeline(
        processing("One", {"raw": "s3://cancer/raw/"}, {"report": join(PREFIX, "report")}), gate
    )
    files = {"ab.json": b'{"auc": 1}', "b.json": b'{"auc": 2}'}
    flow = simulate(definition, {"One": Doing(writes={"report": files})}, store=seeded())
    assert [read.value for read in told(flow).decisions[0].read] == ["2", "1"]


def _json_of_output(step: str, name: str = "b.json") -> object:
    return {"Std:JsonGet": {"S3Uri": join(output_of(step, "report"), name), "Path": "auc"}}
