"""Every finding of the data flow that the corpus gives before a run: noise shows here, in a table that
somebody has read line by line and found true."""

from __future__ import annotations

import pytest

from seatrial.dataflow import judge_definition
from seatrial.definition import parse
from tests.unit.definition.documents import CORPUS

CASES = sorted(
    path.parent.name
    for path in CORPUS.glob("*/definition.json")
    if not path.parent.name.startswith("broken-")
)

TOLD = {
    # The parameter InputData tells where the rows come from; the model's bucket is written out.
    "data-quality": ["ST125 note Register-RegisterModel"],
    # The SDK puts repacked models into the session's bucket.
    "model-of-several": ["ST104 warning Row-RepackModel-1", "ST104 warning Package-RepackModel-1"],
    # The output path was compiled without the prefix.
    "sdk-v3-style": ["ST104 error Fit"],
    # The parameter Bucket tells where the model lies; the rows' bucket is written out.
    "tuned-xgboost": ["ST125 note Tune", "ST125 note Tune"],
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_of_a_definition_is_true_and_no_more(name: str) -> None:
    found = judge_definition(parse((CORPUS / name / "definition.json").read_bytes()))
    assert [f"{each.code} {each.severity.value} {each.step}" for each in found] == TOLD.get(name, [])


def test_every_case_of_the_table_is_in_the_corpus() -> None:
    assert set(TOLD) <= set(CASES)
