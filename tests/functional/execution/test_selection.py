"""Selected steps run; what they wait for gives what it gave in an earlier execution."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.definition import build_graph, parse
from seatrial.errors import RefusedError
from seatrial.execution import find_source, needed_steps, select, selected_steps
from seatrial.ports.executions import Event, ExecutionRecord, ExecutionStatus, Reuse, ReuseKind, Selection
from tests.adapters.memory_engine import MemoryEngine, failed
from tests.functional.execution.documents import (
    at_least,
    condition,
    model_of,
    output_of,
    pipeline,
    processing,
    training,
)
from tests.functional.execution.trial import Trial, statuses

CHAIN = pipeline(
    processing("A"),
    processing("B", output_of("A")),
    training("C", output_of("B")),
    processing("D", model_of("C")),
    processing("E", output_of("A")),
)
BRANCHES = pipeline(
    processing("A"),
    condition(
        "Choose",
        [at_least(2, 1)],
        [processing("Then", output_of("A"))],
        [processing("Else", output_of("A"))],
    ),
)


def run(trial: Trial, document: str, *only: str, begin: tuple[str, ...] = ()) -> ExecutionRecord:
    return trial.run(document, selection=chosen(trial, document, *only, begin=begin))


def chosen(
    trial: Trial, document: str, *only: str, begin: tuple[str, ...] = (), source: str | None = None
) -> Selection:
    definition = parse(document)
    graph = build_graph(definition)
    with trial.records as records:
        found = find_source(records, "Churn", source)
    return select(definition, graph, selected_steps(definition, graph, only, begin), found)


def test_a_selected_step_reads_what_the_source_execution_wrote(trial: Trial) -> None:
    first = trial.run(CHAIN)
    trial.engine = MemoryEngine()

    record = run(trial, CHAIN, "C")

    assert statuses(record) == {"B": "Succeeded", "C": "Succeeded"}
    assert trial.asked() == ["C"]
    (channel,) = trial.request("C").parameters["InputDataConfig"]
    assert channel["DataSource"]["S3DataSource"]["S3Uri"] == "s3://bucket/B/out"
    reused, before = record.step("B"), first.step("B")
    assert reused is not None
    assert before is not None
    assert reused.reuse == Reuse(ReuseKind.SELECTION, first.arn)
    assert (reused.job_name, reused.metadata) == (before.job_name, before.metadata)
    assert (reused.properties, reused.result) == (before.properties, before.result)
    assert record.selection == Selection(("C",), first.arn)
    with trial.records as records:
        records.rebuild()
        assert records.execution(record.execution_id) == record
        assert records.job(before.job_name or "").execution_id == first.execution_id


def test_from_a_step_all_that_waits_for_it_runs_too(trial: Trial) -> None:
    trial.run(CHAIN)
    trial.engine = MemoryEngine()

    record = run(trial, CHAIN, begin=("B",))

    assert trial.asked() == ["B", "C", "D"]
    assert statuses(record) == dict.fromkeys("ABCD", "Succeeded")


def test_a_selection_that_waits_for_nothing_needs_no_source(trial: Trial) -> None:
    record = run(trial, CHAIN, "A")

    assert statuses(record) == {"A": "Succeeded"}
    assert record.selection == Selection(("A",), None)


def test_the_latest_execution_that_ended_is_the_source(trial: Trial) -> None:
    first = trial.run(CHAIN)
    trial.start(CHAIN)  # has not run
    assert chosen(trial, CHAIN, "E").source_arn == first.arn

    trial.engine.answers["B"] = failed
    second = trial.run(CHAIN)
    assert second.status is ExecutionStatus.FAILED
    assert chosen(trial, CHAIN, "E").source_arn == second.arn
    assert chosen(trial, CHAIN, "E", source=first.execution_id).source_arn == first.arn


def refusal(*arguments: Any, **more: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        chosen(*arguments, **more)
    return refused.value.message


class TestRefused:
    def test_without_a_source_that_is_needed(self, trial: Trial) -> None:
        assert refusal(trial, CHAIN, "C", "D") == (
            "Invalid SourcePipelineExecutionArn: null. The selected steps [C, D] have dependencies on [B]"
        )

    def test_where_the_source_lacks_a_step(self, trial: Trial) -> None:
        trial.engine.answers["B"] = failed
        trial.run(CHAIN)

        assert refusal(trial, CHAIN, "C") == (
            "execution exec00000001 has no successful [B], on which the selected steps [C] depend"
        )

    def test_a_step_that_is_not_there(self, trial: Trial) -> None:
        assert refusal(trial, CHAIN, "Z") == "the pipeline has no step 'Z'"

    def test_parts_that_are_not_connected(self, trial: Trial) -> None:
        trial.run(CHAIN)
        assert refusal(trial, CHAIN, "D", "E") == (
            "the selected steps are not connected: no edge leads from the others to [E]"
        )

    def test_a_source_of_another_pipeline_or_one_that_has_not_ended(self, trial: Trial) -> None:
        other = trial.start(CHAIN, name="Other")
        assert "is of the pipeline Other" in refusal(trial, CHAIN, "C", source=other.execution_id)
        begun = trial.start(CHAIN)
        assert "is Executing; a source has succeeded or failed" in refusal(
            trial, CHAIN, "C", source=begun.execution_id
        )

    def test_more_steps_than_a_start_call_takes(self, trial: Trial) -> None:
        steps = [processing("S0"), *(processing(f"S{n}", output_of(f"S{n - 1}")) for n in range(1, 52))]
        assert refusal(trial, pipeline(*steps), begin=("S0",)) == (
            "52 steps are selected; SelectedSteps takes at most 50"
        )

    def test_a_branch_that_the_source_did_not_take(self, trial: Trial) -> None:
        trial.run(BRANCHES)
        assert "[Else] stand on a branch that execution exec00000001 did not take" in refusal(
            trial, BRANCHES, "Else"
        )


class TestConditions:
    def test_a_step_of_the_branch_that_was_taken_may_be_selected_alone(self, trial: Trial) -> None:
        trial.run(BRANCHES)
        trial.engine = MemoryEngine()

        record = run(trial, BRANCHES, "Then")

        assert trial.asked() == ["Then"]
        assert statuses(record) == dict.fromkeys(("A", "Choose", "Then"), "Succeeded")

    def test_a_condition_without_its_branches_only_decides(self, trial: Trial) -> None:
        trial.run(BRANCHES)
        trial.engine = MemoryEngine()

        assert statuses(run(trial, BRANCHES, "Choose")) == {"Choose": "Succeeded"}
        assert trial.asked() == []

    def test_from_a_condition_its_branches_run(self, trial: Trial) -> None:
        trial.run(BRANCHES)
        trial.engine = MemoryEngine()

        run(trial, BRANCHES, begin=("Choose",))
        assert trial.asked() == ["Then"]


class Killed(BaseException):
    """The end of the driver's process, as far as a thread can have one."""


@pytest.mark.parametrize("moment", range(1, 6))
def test_a_selection_that_was_cut_short_is_gone_on_with(trial: Trial, moment: int) -> None:
    first = trial.run(CHAIN)
    trial.engine = MemoryEngine()
    heard: list[Event] = []

    def die(event: Event) -> None:
        heard.append(event)
        if len(heard) == moment:
            raise Killed

    with pytest.raises(Killed):
        trial.run(CHAIN, selection=chosen(trial, CHAIN, "C"), listener=die)
    record = trial.resume()

    assert record.status is ExecutionStatus.SUCCEEDED
    assert statuses(record) == {"B": "Succeeded", "C": "Succeeded"}
    assert record.selection == Selection(("C",), first.arn)
    assert set(trial.asked()) == {"C"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_selected_all_that_it_waits_for_runs_or_is_needed(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    steps = [
        processing(
            f"S{n}",
            *(output_of(f"S{m}") for m in data.draw(st.sets(st.integers(0, n - 1), max_size=3))) if n else (),
        )
        for n in range(count)
    ]
    definition = parse(pipeline(*steps))
    graph = build_graph(definition)
    begin = data.draw(st.sampled_from(graph.names))

    selected = selected_steps(definition, graph, begin=(begin,))
    needed = needed_steps(graph, selected)

    assert set(selected) == {begin} | graph.descendants(begin)
    assert not set(selected) & set(needed)
    for name in selected:
        assert graph.upstream(name) <= {*selected, *needed}
    for name in needed:
        assert graph.downstream(name) & set(selected)
