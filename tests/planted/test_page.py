"""The page of planted faults says what the runs found, and leaves no code of the data flow out."""

from __future__ import annotations

from pathlib import Path

from seatrial.dataflow import KINDS
from tests.planted.cases import CASES
from tests.planted.found import RECORD, recorded
from tests.planted.write_page import planted_page

PAGE = Path(__file__).parents[2] / "docs" / "findings" / "planted.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == planted_page(), f"run: {RECORD}"


def test_every_case_was_recorded_and_nothing_else() -> None:
    assert set(recorded()) == {case.id for case in CASES}, f"run: {RECORD}"


def test_what_was_recorded_has_the_code_of_its_case() -> None:
    lines = recorded()
    assert [case.id for case in CASES if not any(f" {case.code}: " in line for line in lines[case.id])] == []


def test_every_code_of_the_data_flow_was_planted() -> None:
    flow = {code for code in KINDS if code.startswith("ST1")}
    assert {case.code for case in CASES} == flow


def test_no_two_cases_have_one_name() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
