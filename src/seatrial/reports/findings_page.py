"""The page of all codes, made from each room's table.

`python -m seatrial.reports.findings_page docs/findings/index.md` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from seatrial.dataflow.codes import KINDS as DATA_FLOW
from seatrial.definition.codes import KINDS as DEFINITION
from seatrial.ports.findings import FindingKind
from seatrial.reports.environment_codes import KINDS as ENVIRONMENT

ALL_KINDS: dict[str, FindingKind] = {**DEFINITION, **DATA_FLOW, **ENVIRONMENT}

_SECTIONS = {
    "ST0": "The definition, before anything runs",
    "ST1": "The data flow: declared against observed",
    "ST2": "The engine, and settings without effect on one machine",
    "ST3": "This machine",
}
_INTRODUCTION = """\
# Findings

What seatrial finds wrong with a pipeline, or worth knowing, has a code that never changes its meaning. A
finding says where it is (a JSON pointer into the definition, or a URI), the other end of the flow where there
is one, what was expected, what was observed, and what to do. `--fail-on` decides from which severity on a run
ends with exit code 1: `error` (the default), `warning`, `note` or `never`. A project may
[accept a finding](suppressing.md) with a reason. [Planted faults](planted.md) shows a real pipeline for each
code of the data flow.

This page is written by `python -m seatrial.reports.findings_page docs/findings/index.md`.
"""


def findings_page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *(_section(start) for start in _SECTIONS)])


def _section(start: str) -> str:
    kinds = sorted((kind for code, kind in ALL_KINDS.items() if code.startswith(start)), key=lambda k: k.code)
    rows = "\n".join(_rows(kinds))
    head = "| code | severity | title | meaning | example | remedy |\n|---|---|---|---|---|---|"
    return f"## {_SECTIONS[start]}\n\n{head}\n{rows}\n"


def _rows(kinds: Iterable[FindingKind]) -> Iterable[str]:
    for kind in kinds:
        cells = (kind.title, kind.meaning, kind.example, kind.remedy)
        anchor = f'<a id="{kind.code.lower()}"></a>{kind.code}'
        yield f"| {anchor} | {kind.severity.value} | {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(findings_page(), encoding="utf-8")
