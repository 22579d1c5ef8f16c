"""Findings that the project accepts: which entry fits which, what cannot be accepted, what has no effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatrial.app.suppressing import suppressed_record, with_suppressions
from seatrial.errors import RefusedError
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, Selection
from seatrial.ports.findings import Finding, Severity, fails
from seatrial.settings import Settings, load_settings
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import simulate

OUTSIDE = Finding(
    "ST104", Severity.ERROR, "lies outside", "/Steps/0/Arguments/Output", step="Prep", also="s3://b/old/a.csv"
)
EMPTY = Finding("ST101", Severity.ERROR, "is empty", "/Steps/1", step="Train")


def accepting(**entry: str) -> Settings:
    return load_settings(suppress=[{"code": "ST104", "reason": "shared with the team", **entry}])


def reasons(settings: Settings, *findings: Finding) -> list[str | None]:
    return [found.suppressed for found in with_suppressions(settings, findings)]


def a_record(*findings: Finding) -> ExecutionRecord:
    flow = simulate(pipeline(processing("Prep", outputs={"train": join(PREFIX, "train")})))
    return replace(flow.record, findings=findings)


def test_a_finding_of_the_code_has_the_reason_and_weighs_nothing() -> None:
    found = with_suppressions(accepting(), [OUTSIDE])
    assert [each.suppressed for each in found] == ["shared with the team"]
    assert not fails(found, "note")


def test_other_codes_stay_as_they_are() -> None:
    assert reasons(accepting(), OUTSIDE, EMPTY) == ["shared with the team", None]


@pytest.mark.parametrize(
    ("entry", "fits"),
    [
        ({"step": "Prep"}, True),
        ({"step": "P*"}, True),
        ({"step": "Train"}, False),
        ({"where": "/Steps/0/*"}, True),
        ({"where": "s3://b/old/*"}, True),
        ({"where": "s3://b/new/*"}, False),
        ({"step": "Prep", "where": "/Steps/1"}, False),
    ],
)
def test_step_and_where_narrow_it_shell_style_and_where_is_either_end(
    entry: dict[str, str], fits: bool
) -> None:
    assert reasons(accepting(**entry), OUTSIDE) == ["shared with the team" if fits else None]


def test_what_is_named_as_it_stands_fits_even_with_brackets_in_it() -> None:
    place = "s3://b/old/day[1]/a.csv"
    entries = accepting(where=place), accepting(where="s3://b/old/day[[]1]/*")
    for settings in entries:
        assert reasons(settings, replace(OUTSIDE, also=place)) == ["shared with the team"]


def test_a_reason_that_was_recorded_counts_no_more_when_the_entry_is_gone() -> None:
    assert reasons(load_settings(), replace(OUTSIDE, suppressed="once")) == [None]


def test_an_entry_without_a_reason_is_refused() -> None:
    with pytest.raises(RefusedError, match="reason"):
        load_settings(suppress=[{"code": "ST104", "reason": " "}])


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    with pytest.raises(RefusedError, match="no finding 'ST104X'") as refused:
        with_suppressions(load_settings(suppress=[{"code": "ST104X", "reason": "x"}]), [])
    assert refused.value.where == "settings: suppress[0]"
    assert "'ST104'" in str(refused.value.hint)


@pytest.mark.parametrize("code", ["ST001", "ST201", "ST302"])
def test_what_keeps_a_pipeline_from_running_cannot_be_suppressed(code: str) -> None:
    with pytest.raises(RefusedError, match=f"{code} .* cannot be suppressed"):
        with_suppressions(load_settings(suppress=[{"code": code, "reason": "x"}]), [])


def test_of_a_code_that_is_sometimes_a_warning_the_warning_alone_is_suppressed() -> None:
    settings = load_settings(suppress=[{"code": "ST240", "reason": "never deployed"}])
    there = Finding("ST240", Severity.WARNING, "cannot be loaded on AWS")
    here = replace(there, severity=Severity.ERROR)
    assert reasons(settings, there, here) == ["never deployed", None]


class TestAnExecution:
    def test_an_entry_that_fits_nothing_is_a_note(self) -> None:
        found = suppressed_record(accepting(step="Prap"), a_record(OUTSIDE)).findings
        assert [(each.code, each.severity, each.where) for each in found[1:]] == [
            ("ST234", Severity.NOTE, "settings: suppress[0]")
        ]
        assert "ST104 with step 'Prap'" in found[1].message

    def test_an_entry_that_fits_is_none(self) -> None:
        assert len(suppressed_record(accepting(), a_record(OUTSIDE)).findings) == 1

    def test_that_note_can_be_accepted_as_any_other(self) -> None:
        settings = load_settings(
            suppress=[
                {"code": "ST104", "step": "Prap", "reason": "shared"},
                {"code": "ST234", "reason": "shared by several pipelines"},
            ]
        )
        (note,) = suppressed_record(settings, a_record()).findings
        assert (note.code, note.suppressed) == ("ST234", "shared by several pipelines")

    def test_an_entry_for_that_note_is_without_effect_where_there_is_none(self) -> None:
        settings = load_settings(suppress=[{"code": "ST234", "reason": "x"}])
        (note,) = suppressed_record(settings, a_record()).findings
        assert (note.code, note.where, note.suppressed) == ("ST234", "settings: suppress[0]", None)

    @pytest.mark.parametrize("code", ["ST142", "ST150"])
    def test_what_is_only_found_when_asked_for_may_be_missing(self, code: str) -> None:
        settings = load_settings(suppress=[{"code": code, "reason": "known"}])
        assert suppressed_record(settings, a_record()).findings == ()

    def test_nobody_knows_what_an_execution_that_was_cut_short_would_have_shown(self) -> None:
        failed = replace(a_record(), status=ExecutionStatus.FAILED)
        assert suppressed_record(accepting(), failed).findings == ()

    def test_nor_one_of_a_part_of_the_pipeline(self) -> None:
        part = replace(a_record(), selection=Selection(("Prep",), None))
        assert suppressed_record(accepting(), part).findings == ()
