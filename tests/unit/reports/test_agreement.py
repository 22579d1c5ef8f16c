"""How an agreement is shown."""

from __future__ import annotations

import dataclasses

from seatrial.outputs import agreement_of
from seatrial.ports.jobs import ArchiveMember
from seatrial.reports.agreement import agreement_report, show_agreement
from tests.unit.outputs.sides import a_side
from tests.unit.reports.rendering import drawn

ONE, TWO = "a" * 32, "b" * 32
FIRST, SECOND = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
MODEL = ("Train", "model")


def test_each_difference_stands_in_a_block_and_the_verdict_last() -> None:
    first = a_side(
        FIRST,
        {("Prep", "data"): {"a.csv": ONE}, MODEL: {"model.tar.gz": ONE}},
        members={MODEL: (ArchiveMember("model.bin", 4, "00"),)},
    )
    second = a_side(
        SECOND,
        {MODEL: {"model.tar.gz": TWO}},
        members={MODEL: (ArchiveMember("model.bin", 4, "11"),)},
        statuses={"Prep": "Failed"},
    )

    text = drawn(lambda console: show_agreement(console, agreement_of(first, second)), width=40)

    assert text.splitlines() == [
        f"first   {FIRST}  P Succeeded, engine native",
        f"second  {SECOND}  P Succeeded, engine native",
        "",
        "Prep ended otherwise",
        "  first   Succeeded",
        "  second  Failed",
        "",
        "Prep.data a.csv only in the first",
        f"  first   4 bytes, ETag {ONE}",
        "",
        "Train.model model.tar.gz, model.bin in it, holds something else",
        "  first   4 bytes, SHA-256 00",
        "  second  4 bytes, SHA-256 11",
        "",
        "they differ: 3 differences in 2 steps, 2 objects",
    ]


def test_an_agreement_tells_what_it_excepts_and_why() -> None:
    output = ("Train", "output")
    first = a_side(FIRST, statuses={"Train": "Succeeded"})
    held = {output: (ArchiveMember("success", 0, "00"),)}
    second = a_side(SECOND, {output: {"output.tar.gz": ONE}}, members=held, engine="local-mode")

    lines = drawn(lambda console: show_agreement(console, agreement_of(first, second))).splitlines()

    assert lines[3] == "excepted: Train.output output.tar.gz only in the second"
    assert lines[5].startswith("  because SageMaker's local mode packs")
    assert lines[-1] == "they agree: 1 step, 1 object, 1 excepted"


def test_an_execution_that_ran_nothing_itself_is_told_in_words() -> None:
    first = a_side(FIRST, {MODEL: {"m": ONE}})
    agreement = agreement_of(first, a_side(SECOND, {MODEL: {"m": ONE}}, taken={"Train": FIRST}))

    lines = drawn(lambda console: show_agreement(console, agreement)).splitlines()

    assert "excepted: Train is not compared" in lines
    assert f"  second  not run: taken from {FIRST}" in lines
    assert lines[-1].startswith(f"nothing is certain: execution {SECOND} ran no job of its own")
    assert (agreement_report(agreement).agree, agreement_report(agreement).undecided) == (
        False,
        agreement.undecided,
    )


def test_executions_that_ended_otherwise_are_told_like_their_steps() -> None:
    second = dataclasses.replace(a_side(SECOND, statuses={"Check": "Failed"}), status="Failed")
    first = dataclasses.replace(
        second, status="Stopped", execution_id=FIRST, failures={"Check": "too few rows"}
    )

    text = drawn(lambda console: show_agreement(console, agreement_of(first, second)))

    assert "\nthe execution ended otherwise\n  first   Stopped\n" in text
    assert "\nCheck failed with another message\n  first   too few rows\n" in text


def test_names_that_would_drive_a_terminal_are_cleaned() -> None:
    first = a_side(FIRST, {("Prep", "data"): {"a\x1b[2J.csv": ONE}})

    assert "\x1b" not in drawn(lambda console: show_agreement(console, agreement_of(first, a_side(SECOND))))


def test_programs_get_every_value() -> None:
    report = agreement_report(agreement_of(a_side(FIRST, {MODEL: {"m": ONE}}), a_side(SECOND)))

    assert (report.agree, report.steps, report.objects) == (False, 1, 1)
    assert [(found.kind, found.step, found.key) for found in report.differences] == [
        ("status", "Train", None),
        ("only-in-first", "Train", "m"),
    ]
