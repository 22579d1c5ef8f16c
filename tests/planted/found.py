"""What real runs found of each planted fault, kept beside the cases: the page says nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from seatrial.ports.findings import Finding

FILE = Path(__file__).with_name("found.json")
RECORD = "python -m tests.planted.write_page docs/findings/planted.md"

# What is another in each run.
_CHANGING = (
    (re.compile(r"s3://planted[a-z0-9-]*/st\d{3}-[a-z0-9-]*/faulty"), "{prefix}"),
    (re.compile(r"pipelines-[a-z0-9]{12}-(.+?)-[A-Za-z0-9]{10}\b"), r"pipelines-…-\1-…"),
    (re.compile(r"\bexecution [a-z0-9]{12}\b"), "execution {execution}"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[0-9.:+Z]*"), "{time}"),
)


def lines_of(findings: Iterable[Finding], project: Path) -> list[str]:
    """Each finding in a line, in an order that no run changes."""
    said = {f"{found.severity.value} {found.code}: {_lasting(found.message, project)}" for found in findings}
    return sorted(said, key=lambda line: line.partition(" ")[2])


def recorded() -> Mapping[str, list[str]]:
    """By case, as it was recorded last."""
    known: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return known


def record(case: str, lines: list[str]) -> None:
    """Keep what a run of today found."""
    known = {**recorded(), case: lines}
    text = json.dumps(dict(sorted(known.items())), indent=2, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8")


def _lasting(message: str, project: Path) -> str:
    text = message.replace(str(project), "{project}")
    for pattern, name in _CHANGING:
        text = pattern.sub(name, text)
    return text
