"""Scripts that look for what this execution wrote beneath another prefix: the parameter's default."""

from __future__ import annotations

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.ports.observation import S3Call
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import PART, Doing, simulate
from tests.adapters.simulated_run import PREFIX as NOW
from tests.unit.dataflow.seen_calls import call, with_calls

DEFAULT = "s3://team/runs/default"


def measured(*calls: S3Call, default: str | None = DEFAULT, waits: bool = True) -> Flow:
    """Make writes `data/part-0.csv` beneath the run's prefix; Measure, which comes after it, called these."""
    definition = pipeline(
        processing("Make", outputs={"data": join(PREFIX, "data")}),
        processing(
            "Measure",
            outputs={"report": join(PREFIX, "report")},
            depends_on=("Make",) if waits else (),
        ),
        prefix_default=default,
    )
    doing = {"Make": Doing({"data": PART}), "Measure": Doing({"report": PART})}
    return with_calls(simulate(definition, doing), {"Measure": calls})


def frozen(flow: Flow) -> list[tuple[str, str]]:
    return [(each.severity.value, each.message) for each in judge(flow) if each.code == "ST105"]


@pytest.mark.parametrize("operation", ["GetObject", "HeadObject"])
def test_what_lies_beneath_the_runs_prefix_was_looked_for_beneath_the_default(operation: str) -> None:
    flow = measured(call(operation, f"{DEFAULT}/data/part-0.csv", status=404))
    assert frozen(flow) == [
        (
            "error",
            f"Measure's own code asked in vain for {DEFAULT}/data/part-0.csv; Make.data wrote it beneath "
            f"EXECUTION_S3_PREFIX, which is {NOW} in this execution",
        )
    ]
    [told] = [each for each in judge(flow) if each.code == "ST105"]
    assert (told.step, told.where, told.also) == ("Measure", "/Steps/1", f"{NOW}/data/part-0.csv")


def test_what_an_earlier_execution_left_there_is_no_better() -> None:
    [(severity, message)] = frozen(measured(call("GetObject", f"{DEFAULT}/data/part-0.csv")))
    assert severity == "error"
    assert message.startswith(f"Measure's own code read {DEFAULT}/data/part-0.csv; Make.data wrote")


def test_a_slash_at_the_end_of_the_default_changes_nothing() -> None:
    flow = measured(call("GetObject", f"{DEFAULT}/data/part-0.csv", status=404), default=f"{DEFAULT}/")
    assert len(frozen(flow)) == 1


@pytest.mark.parametrize(
    "made",
    [
        call("GetObject", f"{DEFAULT}/data/other.csv", status=404),
        call("GetObject", f"{DEFAULT}2/data/part-0.csv", status=404),
        call("GetObject", "data/part-0.csv"),
        call("GetObject", f"{DEFAULT}/report/part-0.csv", status=404),
        call("GetObject", f"{DEFAULT}/data/part-0.csv", status=403),
    ],
    ids=["nobody's", "another prefix", "the run's own", "what it writes itself", "refused"],
)
def test_other_calls_are_no_trace_of_the_default(made: S3Call) -> None:
    assert frozen(measured(made)) == []


@pytest.mark.parametrize("default", [None, NOW, "no-uri"])
def test_without_another_prefix_as_default_nothing_is_frozen(default: str | None) -> None:
    assert (
        frozen(measured(call("GetObject", f"{DEFAULT}/data/part-0.csv", status=404), default=default)) == []
    )
