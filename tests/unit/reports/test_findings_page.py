"""docs/findings lists every code there is, and is what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

import seatrial
from seatrial.errors import ContainerError, EnvironmentUnfitError
from seatrial.execution.failures import environment_findings
from seatrial.reports.environment_codes import CODES, code_of
from seatrial.reports.findings_page import ALL_KINDS, findings_page

DOCS = Path(__file__).parents[3] / "docs"
SOURCE = Path(seatrial.__file__).parent


def test_the_page_is_up_to_date() -> None:
    committed = (DOCS / "findings" / "index.md").read_text()
    assert committed == findings_page(), (
        "run: python -m seatrial.reports.findings_page docs/findings/index.md"
    )


def test_every_code_in_the_source_is_explained_and_every_explained_code_is_in_the_source() -> None:
    tables = {"codes.py", "setting_codes.py", "environment_codes.py"}
    sources = [path.read_text() for path in SOURCE.rglob("*.py") if path.name not in tables]
    used = set(re.findall(r'"(ST\d{3})"', "".join(sources)))
    settings = {code for code in ALL_KINDS if code.startswith("ST2")}
    assert used - set(ALL_KINDS) == set()
    assert set(ALL_KINDS) - used - settings == set()


def test_every_row_is_one_line_of_six_cells() -> None:
    rows = [line for line in findings_page().splitlines() if line.startswith("| <a")]
    assert len(rows) == len(ALL_KINDS)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)


def test_a_step_that_fails_on_this_machine_and_a_refusal_have_the_same_code() -> None:
    for kind, code in CODES.items():
        error = kind("lost", slug="lost")
        (found,) = environment_findings(error, "Train")
        assert found.code == code == code_of(error)


def test_a_general_error_does_not_hide_a_special_one() -> None:
    assert code_of(ContainerError("x", slug="x")) == "ST301"
    assert code_of(EnvironmentUnfitError("x", slug="x")) == "ST300"
