"""Tables of executions, steps, outputs and lineage."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from seatrial.dataflow import lineage_of
from seatrial.outputs import registry_of_definition
from seatrial.reports.tables import executions_table, lineage_table, outputs_table, status_table
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import START, Doing, simulate
from tests.unit.dataflow.test_clean_pipelines import seeded, train_evaluate_register
from tests.unit.reports.rendering import drawn


def test_the_outputs_of_a_plan_have_no_objects_yet() -> None:
    definition = pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")}))
    text = drawn(lambda console: console.print(outputs_table(registry_of_definition(definition))))
    assert text.splitlines()[1].split() == ["Prep", "a", "{Parameters.EXECUTION_S3_PREFIX}/a"]


def test_lineage_runs_from_outside_to_the_model_registry() -> None:
    lineage = lineage_of(simulate(train_evaluate_register(), store=seeded()))
    rows = drawn(lambda console: console.print(lineage_table(lineage))).splitlines()
    assert rows[1].split() == ["(external)", "Preprocess.raw", "1", "s3://cancer/raw/"]
    assert rows[-1].split()[:3] == ["Register", "(model", "registry)"]


def test_executions_are_listed_with_status_and_time() -> None:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})))
    row = drawn(lambda console: console.print(executions_table([flow.record], START))).splitlines()[1]
    assert row.split()[:3] == ["abc123def456", "cancer", "Succeeded"]
    assert row.split()[-5:] == ["1", "min", "0", "s", "1"]


def test_of_one_that_runs_the_time_is_told_as_well_unless_its_process_has_gone() -> None:
    flow = simulate(pipeline(processing("Prep")))
    runs = dataclasses.replace(flow.record, ended_at=None)
    later = START + timedelta(seconds=90)
    shown = [
        drawn(lambda console, gone=gone: console.print(executions_table([runs], later, abandoned=gone)))
        for gone in (frozenset[str](), frozenset({runs.execution_id}))
    ]
    assert ["1 min 30 s" in text for text in shown] == [True, False]


def test_the_engine_is_told_as_soon_as_one_was_another() -> None:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})))
    other = dataclasses.replace(flow.record, engines=("native", "local-mode"))

    native = drawn(lambda console: console.print(executions_table([flow.record], START)))
    both = drawn(lambda console: console.print(executions_table([flow.record, other], START)))

    assert "native" not in native
    assert [row.split()[3] for row in both.splitlines()[:3]] == ["ENGINE", "native", "native"]
    assert "native and local-mode" in both


def test_the_status_of_an_execution_is_its_live_table() -> None:
    definition = pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")}))
    flow = simulate(definition, {"Prep": Doing(fails="AlgorithmError: [x]", attempts=2)})
    running = dataclasses.replace(flow.record, ended_at=None)
    table = status_table(running, [("Train", "Training")], START)
    rows = drawn(lambda console: console.print(table)).splitlines()
    assert rows[1].split()[:6] == ["Prep", "Processing", "Failed", "2", "30.0", "s"]
    assert rows[1].endswith("AlgorithmError: [x]")
    assert rows[2].split() == ["Train", "Training", "waiting"]


def test_a_step_that_an_ended_execution_has_left_waits_no_longer() -> None:
    flow = simulate(pipeline(processing("Prep")), {"Prep": Doing(fails="no")})
    table = status_table(flow.record, [("Train", "Training")], START)
    assert drawn(lambda console: console.print(table)).splitlines()[2].split()[2:] == ["not", "started"]


def test_what_a_step_goes_on_doing_is_shown_until_the_execution_ends() -> None:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})))
    (step,) = flow.record.steps
    ended = dataclasses.replace(flow.record, steps=(dataclasses.replace(step, progress="answers at x"),))
    running = dataclasses.replace(ended, ended_at=None)

    shown = [
        drawn(lambda console, record=record: console.print(status_table(record, [], START)))
        for record in (running, ended)
    ]
    assert ["answers at x" in text for text in shown] == [True, False]
