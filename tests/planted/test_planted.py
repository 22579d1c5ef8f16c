"""Every planted fault is found, by its code and nothing else; without it nothing is found."""

from __future__ import annotations

import pytest

from seatrial.ports.findings import Finding, Severity
from tests.planted.case import Build, Planted
from tests.planted.cases import CASES
from tests.planted.found import RECORD, lines_of, record, recorded
from tests.planted.sea import Sea


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_planted_fault_is_found(case: Planted, sea: Sea, recording: bool) -> None:
    found = judged(case, case.faulty, sea, f"s3://planted/{case.id.lower()}/faulty")
    if not case.seen_here:
        assert found == ()
        return
    codes = {each.code for each in found}
    assert case.code in codes
    assert codes <= {case.code, *case.also}
    lines = lines_of(found, sea.folder)
    if recording:
        record(case.id, lines)
    assert recorded().get(case.id) == lines, f"if this is right, run: {RECORD} -k {case.id}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_is_found_where_nothing_was_planted(case: Planted, sea: Sea) -> None:
    assert judged(case, case.sound, sea, f"s3://planted/{case.id.lower()}/sound") == ()


def judged(case: Planted, build: Build, sea: Sea, prefix: str) -> tuple[Finding, ...]:
    """What a run finds of the data flow; notes of settings without effect aside."""
    for path, text in case.files.items():
        (sea.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (sea.folder / path).write_text(text)
    parts = sea.parts(**case.settings)
    sea.put(parts, case.objects, prefix)
    if case.judge is not None:
        found = case.judge(sea, build(), prefix)
    else:
        found = sea.run(parts, build(), prefix).findings
    return tuple(each for each in found if each.code.startswith("ST1") or each.severity is Severity.ERROR)
