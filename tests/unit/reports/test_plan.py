"""The plan: steps in order, what must be there, what stands in for what, what has no effect."""

from __future__ import annotations

import json
from dataclasses import replace

from seatrial.dataflow import external_inputs, judge_definition, settings_without_effect
from seatrial.dataflow.codes import finding
from seatrial.definition import build_graph
from seatrial.outputs import registry_of_definition
from seatrial.ports.images import ImagePlan
from seatrial.ports.substitutes import Substitute
from seatrial.reports.plan import PlannedImage, PlannedInput, PlanView, plan_report, show_plan
from tests.adapters.pipelines import pipeline, processing
from tests.unit.dataflow.test_clean_pipelines import train_evaluate_register
from tests.unit.reports.rendering import drawn

SKLEARN = "1.dkr.ecr.eu-west-1.amazonaws.com/[sklearn]:1.2-1"


def view() -> PlanView:
    definition = train_evaluate_register()
    present = {"Preprocess": True, "Train": None}
    return PlanView(
        pipeline_name="cancer",
        definition=definition,
        graph=build_graph(definition),
        parameters={"RawData": "s3://cancer/raw/"},
        registry=registry_of_definition(definition, {"EXECUTION_S3_PREFIX": "s3://seatrial/p/e"}),
        prefix="s3://seatrial/p/e",
        placeholders={"VPC_SUBNET": "subnet-0"},
        images={
            "Preprocess": PlannedImage(SKLEARN, ImagePlan(SKLEARN, "seatrial/scikit-learn:1f", "1.2 [sic]")),
            "Evaluate": PlannedImage(SKLEARN, ImagePlan(SKLEARN, "seatrial/scikit-learn:1f", "1.2 [sic]")),
            "Train": PlannedImage("ecr/mine:7", None),
        },
        inputs=[
            PlannedInput(
                found, present.get(found.readers[0], False), "data/raw" if found.kind == "code" else None
            )
            for found in external_inputs(definition)
        ],
        findings=[*judge_definition(definition), *settings_without_effect(definition)],
    )


def test_steps_stand_in_the_order_in_which_they_can_run() -> None:
    lines = drawn(lambda console: show_plan(console, view())).splitlines()
    assert lines[0] == "cancer: steps in order"
    names = [line.split()[0] for line in lines[2:8]]
    assert names == ["Preprocess", "Train", "Evaluate", "GoodEnough", "Register", "Refuse"]
    assert lines[2].endswith("  [sklearn]:1.2-1 → seatrial/scikit-learn")
    assert lines[3].endswith("ecr/mine:7  none here; name one under [images] in seatrial.toml")


def test_an_image_that_is_ours_does_not_stand_for_itself() -> None:
    ours = PlannedImage(
        "seatrial/lambda-python", ImagePlan("seatrial/lambda-python", "seatrial/lambda-python:1f")
    )
    given = replace(view(), images={"Preprocess": ours})
    lines = drawn(lambda console: show_plan(console, given)).splitlines()
    assert lines[2].endswith("  seatrial/lambda-python")
    assert "→ seatrial/lambda-python" not in lines[2]


def test_what_differs_in_an_image_is_said_once_however_many_steps_name_it() -> None:
    text = drawn(lambda console: show_plan(console, view()))
    assert text.count("image [sklearn]:1.2-1 → seatrial/scikit-learn: 1.2 [sic]") == 1
    assert text.count("[sic]") == 1


def test_inputs_say_whether_they_are_there() -> None:
    text = drawn(lambda console: show_plan(console, view()))
    raw = next(line for line in text.splitlines() if line.endswith("s3://cancer/raw/"))
    assert raw.split() == ["there", "Preprocess", "parameter", "RawData", "s3://cancer/raw/"]
    assert "seed data/raw" in text


def test_placeholders_and_settings_without_effect_are_listed() -> None:
    text = drawn(lambda console: show_plan(console, view()))
    assert "VPC_SUBNET" in text
    assert "note ST216  Role" in text
    assert "Role: RoleArn in Preprocess, Train, Evaluate without effect here" in text


def test_the_plan_for_programs_has_the_same_content() -> None:
    report = json.loads(plan_report(view()).as_text())
    assert [step["name"] for step in report["steps"]][:2] == ["Preprocess", "Train"]
    assert report["steps"][0]["local_image"] == "seatrial/scikit-learn:1f"
    assert report["steps"][1]["local_image"] is None
    assert report["substituted_images"] == {SKLEARN: "seatrial/scikit-learn:1f: 1.2 [sic]"}
    assert report["steps"][4]["condition"] == "GoodEnough: IfSteps"
    assert report["steps"][2]["upstream"] == ["Preprocess", "Train"]
    assert report["inputs"][0]["present"] is True
    assert report["placeholders"] == ["VPC_SUBNET"]
    assert (
        report["outputs"]["step_outputs"]["Preprocess"]["train"]["s3_uri"] == "s3://seatrial/p/e/prep/train"
    )


def last_line(planned: PlanView) -> str:
    return drawn(lambda console: show_plan(console, planned)).splitlines()[-1]


def test_a_plan_without_errors_ends_with_runs() -> None:
    assert last_line(replace(view(), images={}, inputs=(), findings=())) == "runs"


def test_a_plan_with_substitutes_ends_with_their_names() -> None:
    given = {"Train": Substitute(outputs={"model": "/m"}), "Evaluate": Substitute(script="/mocks/e.py")}
    planned = replace(view(), images={}, inputs=(), findings=(), substitutes=given)
    assert last_line(planned) == (
        "runs with substitutes for Train (local data for model), Evaluate (script e.py)"
    )
    report = json.loads(plan_report(planned).as_text())
    assert report["verdict"]["kind"] == "runs-with-substitutes"
    assert report["verdict"]["substitutes"][1] == {"step": "Evaluate", "by": "script e.py"}
    assert [step["substitute"] for step in report["steps"]][:3] == [
        None,
        "local data for model",
        "script e.py",
    ]


def test_what_blocks_a_run_is_told_with_what_to_do_in_one_line() -> None:
    lost = finding("ST103", "First.data has left the store", where="/Steps/1", hint="select First too")
    unbuilt = finding("ST233", "EMR runs by substitute", where="/Steps/2", hint="write:\n[substitutes.A]")
    planned = replace(view(), findings=(lost, unbuilt), blocking=(lost, unbuilt))
    assert last_line(planned) == (
        "does not run because First.data has left the store (select First too); "
        "EMR runs by substitute (what to write is said above)"
    )
    verdict = json.loads(plan_report(planned).as_text())["verdict"]
    assert (verdict["kind"], [reason["code"] for reason in verdict["reasons"]]) == (
        "does-not-run",
        ["ST103", "ST233"],
    )


def test_of_many_reasons_the_line_tells_a_few() -> None:
    many = [finding("ST103", f"nothing lies at {n}", where="/Steps/1", hint="seed it") for n in range(8)]
    line = last_line(replace(view(), findings=many, blocking=many))
    assert line.endswith("; and 3 more")
    assert line.count("seed it") == 5


def test_errors_that_keep_nothing_from_running_are_not_passed_over() -> None:
    outside = finding("ST104", "an output lies elsewhere", where="/Steps/1")
    planned = replace(view(), images={}, inputs=(), findings=(outside,))
    assert last_line(planned) == "runs, and ends with what is said above: 1 error"


def test_a_step_that_waits_for_another_end_than_success_is_shown_with_it() -> None:
    ends = (("Tell", "Failed"), ("Tidy", "Any"), ("Mourn", "Stopped"))
    later = [
        {**processing(name), "DependsOn": [{"Step": "Train", "Trigger": end}, "Load"]} for name, end in ends
    ]
    definition = pipeline(processing("Load"), processing("Train"), *later)
    planned = replace(view(), definition=definition, graph=build_graph(definition), images={}, inputs=())

    text = drawn(lambda console: show_plan(console, planned))
    for said in ("Load, Train (if it fails)", "Load, Train (any end)", "Load, Train (if it is stopped)"):
        assert said in text
    steps = json.loads(plan_report(planned).as_text())["steps"]
    assert [step["triggers"] for step in steps] == [{}, {}, *({"Train": end} for _, end in ends)]
