"""The table of known differences and the page written from it stay together."""

from __future__ import annotations

from tests.conformance.case import CASES
from tests.conformance.engines import ENGINES
from tests.conformance.known_differences import DIFFERENCES
from tests.conformance.write_local_mode import TARGET, document


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert TARGET.read_text() == document(), "run python -m tests.conformance.write_local_mode"


def test_every_engine_has_a_table() -> None:
    assert DIFFERENCES.keys() == ENGINES.keys()


def test_every_known_difference_is_of_a_case_that_is_there() -> None:
    names = {case.name for case in CASES}
    assert [name for table in DIFFERENCES.values() for name in table if name not in names] == []


def test_our_own_engine_has_no_known_differences() -> None:
    assert DIFFERENCES["native"] == {}
