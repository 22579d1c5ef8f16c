"""The verdict on every case of the corpus: `python -m tests.corpus.verdicts [CASE…]` writes it anew.

`verdict.txt` beside a definition says what `seatrial plan` answers where every input is there and nothing
is in the settings; a case with a `seatrial.toml` of substitutes has a second verdict with those.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seatrial.app.planning import planned
from seatrial.app.wishes import Wishes
from seatrial.errors import SeatrialError
from seatrial.ports.findings import Finding
from seatrial.reports.refusal import refusal_findings
from seatrial.reports.verdict import Verdict, verdict_on
from seatrial.storage.seeds import parse_toml
from tests.adapters.plausible_parts import plausible_parts

CORPUS = Path(__file__).parent
_LONGEST = 110


def cases() -> list[str]:
    """Every case there is."""
    return sorted(path.parent.name for path in CORPUS.glob("*/definition.json"))


def verdict_text(case: str) -> str:
    """What belongs into the case's `verdict.txt`."""
    folder = CORPUS / case
    told = ["unchanged: ", *_told(_verdict(case))]
    settings = folder / "seatrial.toml"
    if settings.exists():
        with _inside(folder):
            told += ["with seatrial.toml: ", *_told(_verdict(case, **parse_toml(settings.read_text())))]
    return "".join(told)


def _verdict(case: str, **settings: Any) -> Verdict:
    text = (CORPUS / case / "definition.json").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as state:
        try:
            view = planned(plausible_parts(Path(state), **settings), Wishes(case, text, "definition.json"))
        except SeatrialError as refused:
            return Verdict(reasons=refusal_findings(refused))
        return verdict_on(view.substitutes, view.blocking)


def _told(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.kind}\n"
    for name, said in verdict.substitutes.items():
        yield f"  {name}: {said}\n"
    for found in verdict.reasons:
        yield f"  {_reason(found)}\n"


def _reason(found: Finding) -> str:
    """One line: enough to see which reason it is, whatever its wording becomes at its end."""
    told = f"{found.code} {found.step}: {found.message}" if found.step else f"{found.code}: {found.message}"
    return textwrap.shorten(told, _LONGEST, placeholder=" …")


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Paths in settings are relative to the current folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def main(names: list[str]) -> None:
    """Write the verdicts of the named cases, of all without a name."""
    for case in names or cases():
        (CORPUS / case / "verdict.txt").write_text(verdict_text(case), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
