"""What an engine says of a request (`<JSON pointer>: <reason>`), put where it stands in the definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from seatrial.app.parts import Parts
from seatrial.dataflow.codes import finding
from seatrial.definition import Step
from seatrial.errors import RecordError
from seatrial.ports.findings import Finding
from seatrial.records import Records


def pointed(step: Step, lines: Iterable[str], place: str = "") -> Iterator[tuple[str, str]]:
    """Pointer and reason of each line; `place` is where in the step's arguments the request begins."""
    for line in lines:
        pointer, _, reason = line.partition(": ")
        yield f"{step.pointer}/Arguments{place}{pointer}", reason


def refusals(step: Step, lines: Iterable[str], place: str = "") -> Iterator[Finding]:
    """One error for each line."""
    for where, reason in pointed(step, lines, place):
        yield finding("ST201", f"not supported here: {reason}", where=where, step=step.name)


def is_recorded(parts: Parts, look_up: Callable[[Records], object]) -> bool:
    """Whether an earlier execution made what is looked up; without records there was none."""
    records = parts.existing_records
    if records is None:
        return False
    try:
        look_up(records)
    except RecordError:
        return False
    return True
