"""The page of what runs is what the tables say, and every line of it says something."""

from __future__ import annotations

from pathlib import Path

from seatrial.execution import STEP_TYPES
from seatrial.reports.support_page import HOW, support_page

PAGE = Path(__file__).parents[3] / "docs" / "support.md"


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == support_page(), (
        "run python -m seatrial.reports.support_page docs/support.md"
    )


def test_every_step_type_is_told_how_it_runs() -> None:
    assert HOW.keys() == STEP_TYPES.keys()


def test_no_cell_is_empty() -> None:
    assert "|  |" not in support_page()
