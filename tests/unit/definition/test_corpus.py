"""Realistic definitions: good ones pass without an error, broken ones give exactly the findings expected."""

from __future__ import annotations

import pytest

from seatrial.definition import build_graph, check, parse, references
from seatrial.errors import DefinitionError
from seatrial.execution import STEP_TYPES
from seatrial.ports.findings import Finding, Severity
from tests.unit.definition.documents import CORPUS

SHAPES = {name: step_type.shape for name, step_type in STEP_TYPES.items()}
CASES = sorted(path.parent.name for path in CORPUS.glob("*/definition.json"))
BROKEN = [name for name in CASES if name.startswith("broken-")]
GOOD = [name for name in CASES if name not in BROKEN]
# What runs here although the service promises less.
WARNED = {"nested-conditions": ["ST018"]}


def findings(name: str) -> list[Finding]:
    try:
        return check(parse((CORPUS / name / "definition.json").read_bytes()), SHAPES)
    except DefinitionError as refused:
        return list(refused.findings)


def test_the_corpus_is_there() -> None:
    assert len(GOOD) >= 8
    assert len(BROKEN) >= 5


@pytest.mark.parametrize("name", GOOD)
def test_a_good_definition_has_nothing_but_notes(name: str) -> None:
    told = [finding.code for finding in findings(name) if finding.severity is not Severity.NOTE]

    assert told == WARNED.get(name, [])


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_definition_gives_exactly_the_expected_findings(name: str) -> None:
    expected = (CORPUS / name / "findings.txt").read_text(encoding="utf-8").splitlines()

    assert [f"{f.code} {f.severity.value} {f.where} | {f.message}" for f in findings(name)] == expected


@pytest.mark.parametrize("name", BROKEN)
def test_every_finding_says_where_and_what_to_do(name: str) -> None:
    assert all(finding.hint and finding.where.startswith("/") for finding in findings(name))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("train-and-register", "Preprocess Train Evaluate Decide Register-RegisterModel TooWeak"),
        ("consumer-first", "Prepare Train Announce"),
        ("every-condition", "Decide Work Stop Tell"),
        ("repacked-model", "Train Package-RepackModel-0 Package-RegisterModel Smoke"),
        ("batch-transform", "Prepare Train Create-CreateModel Score Report"),
        ("fan-out", "Split Score2 Score1 Score0 Merge"),
        ("waits-for-people", "Ask Notify Go"),
    ],
)
def test_steps_come_in_an_order_in_which_they_can_run(name: str, order: str) -> None:
    definition = parse((CORPUS / name / "definition.json").read_bytes())

    assert build_graph(definition).order() == tuple(order.split())


def test_the_corpus_uses_every_kind_of_reference() -> None:
    kinds = {
        reference.kind
        for name in GOOD
        for reference in references(parse((CORPUS / name / "definition.json").read_bytes()).raw)
    }

    assert kinds == {"parameter", "execution", "step", "property-file"}
