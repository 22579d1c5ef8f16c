"""docs/findings lists every code there is, and is what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import seatrial
from seatrial.errors import ContainerError, EnvironmentUnfitError, ImageError, StorageError
from seatrial.execution.failures import environment_findings
from seatrial.reports.environment_codes import KINDS
from seatrial.reports.findings_page import ALL_KINDS, findings_page
from seatrial.reports.refusal import refusal_findings

DOCS = Path(__file__).parents[3] / "docs"
SOURCE = Path(seatrial.__file__).parent


def test_the_page_is_up_to_date() -> None:
    committed = (DOCS / "findings" / "index.md").read_text()
    assert committed == findings_page(), (
        "run: python -m seatrial.reports.findings_page docs/findings/index.md"
    )


def test_every_code_in_the_source_is_explained_and_every_explained_code_is_in_the_source() -> None:
    tables = {"codes.py", "setting_codes.py", "environment_codes.py"}
    sources = [
        path.read_text()
        for path in SOURCE.rglob("*.py")
        if path.name not in tables and path.parent.name != "kinds"
    ]
    used = set(re.findall(r'"(ST\d{3})"', "".join(sources)))
    settings = {code for code in ALL_KINDS if code.startswith("ST2")}
    assert used - set(ALL_KINDS) == set()
    assert set(ALL_KINDS) - used - settings == set()


def test_every_row_is_one_line_of_six_cells() -> None:
    rows = [line for line in findings_page().splitlines() if line.startswith("| <a")]
    assert len(rows) == len(ALL_KINDS)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)


@pytest.mark.parametrize("kind", [EnvironmentUnfitError, ContainerError, ImageError, StorageError])
def test_a_step_that_fails_on_this_machine_and_a_refusal_have_the_same_code(
    kind: type[EnvironmentUnfitError],
) -> None:
    error = kind("lost", slug="lost")
    (in_a_step,), (refused,) = environment_findings(error, "Train"), refusal_findings(error)

    assert in_a_step.code == refused.code == kind.code
    assert kind.code in KINDS
