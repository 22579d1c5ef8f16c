"""The page of planted faults: what was planted, what a real run found, what its sound twin did.

`python -m tests.planted.write_page docs/findings/planted.md` runs every case in containers, then writes it;
with `-k WORDS` behind it, only the cases that fit are run anew.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from seatrial.reports.findings_page import ALL_KINDS
from tests.planted.case import Planted
from tests.planted.cases import CASES
from tests.planted.found import RECORD, recorded

OPTION = "--record-planted"
_INTRODUCTION = f"""\
# Planted faults

Each fault is planted in a small pipeline that runs in real containers, and is found there. Its twin differs
by that fault alone, runs as well, and nothing is found. The tests run both and hold every line below;
`{{prefix}}` stands for the run's own prefix.

This page is written by `{RECORD}`.

| code | what was planted | what was found | its sound twin |
|---|---|---|---|
"""


def planted_page() -> str:
    """The whole page, from the cases and from what was recorded of them."""
    found = recorded()
    rows = (_row(case, found) for case in sorted(CASES, key=lambda case: case.id))
    return _INTRODUCTION + "".join(f"{row}\n" for row in rows)


def _row(case: Planted, found: Mapping[str, list[str]]) -> str:
    code = f"[{case.code}](index.md#{case.code.lower()}) {ALL_KINDS[case.code].title}"
    lines = "<br>".join(_cell(line) for line in found.get(case.id, ["not recorded yet"]))
    return f"| {code} | {_cell(case.fault)} | {lines} | nothing |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def main(page: Path, selection: list[str]) -> int:
    """Run, record, write; the tests' own exit code."""
    cases = Path(__file__).with_name("test_planted.py")
    ended = pytest.main([str(cases), OPTION, "-q", *selection])
    page.write_text(planted_page(), encoding="utf-8")
    return int(ended)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
