"""Every planted fault is found, by its code and nothing else; without it nothing is found."""

from __future__ import annotations

import pytest

from tests.planted.case import Planted
from tests.planted.cases import CASES
from tests.planted.found import RECORD, lines_of, record, recorded
from tests.planted.sea import Sea
from tests.planted.twins import Twins


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_planted_fault_is_found(case: Planted, sea: Sea, twins: Twins, recording: bool) -> None:
    found = twins.faulty(case, sea)
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
def test_nothing_is_found_where_nothing_was_planted(case: Planted, sea: Sea, twins: Twins) -> None:
    assert twins.sound(case, sea) == ()
