"""Steps and conditions that end otherwise under the second prefix; what follows from them is not said."""

from __future__ import annotations

import json

from tests.adapters.pipelines import PREFIX, condition, fail, join, json_of, output_of, pipeline, processing
from tests.adapters.simulated_run import Doing
from tests.unit.dataflow.portability.runs import FIRST, SECOND, held, runs
from tests.unit.dataflow.reading import only


def test_a_step_that_fails_there_is_found_with_its_reason_and_its_log() -> None:
    definition = pipeline(
        processing("Prep", outputs={"out": join(PREFIX, "out")}),
        processing("Use", {"in": output_of("Prep", "out")}, {"used": join(PREFIX, "used")}),
    )
    found = held(
        *runs(definition, lambda prefix: {"Prep": Doing(fails="No such bucket")} if prefix == SECOND else {})
    ).findings
    (only_one,) = found
    assert only_one.code == "ST143"
    assert only_one.step == "Prep"
    assert only_one.observed == f"Failed under {SECOND}: No such bucket"
    assert only_one.hint.startswith("seatrial logs Prep ")


def test_a_condition_that_decides_otherwise_is_found() -> None:
    file = ("report", "report.json")
    definition = pipeline(
        processing("Eval", outputs={"report": join(PREFIX, "report")}, property_files={"Report": file}),
        condition("Good", json_of("Eval", "Report", "auc"), [processing("Go")], [processing("Stay")]),
    )

    def doing(prefix: str) -> dict[str, Doing]:
        report = json.dumps({"auc": 0.9 if prefix == FIRST else 0.1}).encode()
        return {"Eval": Doing(writes={"report": {"report.json": report}})}

    found = only(held(*runs(definition, doing)).findings, "ST143")
    assert found.message == "the condition Good is True under the first prefix, and False under the second"
    assert "seatrial compare" in found.hint


def test_a_fail_step_that_only_the_second_reached_is_told_by_its_message() -> None:
    file = ("report", "report.json")
    definition = pipeline(
        processing("Eval", outputs={"report": join(PREFIX, "report")}, property_files={"Report": file}),
        condition("Good", json_of("Eval", "Report", "auc"), [], [fail("Stop")]),
    )

    def doing(prefix: str) -> dict[str, Doing]:
        report = json.dumps({"auc": 0.9 if prefix == FIRST else 0.1}).encode()
        return {"Eval": Doing(writes={"report": {"report.json": report}})}

    found = [each.step for each in held(*runs(definition, doing)).findings if each.code == "ST143"]
    assert found == ["Good"]
