"""Whatever a file holds, reading it ends in a definition or in findings, never in a traceback."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.definition import (
    Json,
    PipelineDefinition,
    bind_parameters,
    build_graph,
    check,
    evaluate,
    parse,
    parse_and_check,
    placeholders_for,
)
from seatrial.errors import DefinitionError, ExpressionError
from tests.unit.definition.documents import CORPUS, SHAPES, Values
from tests.unit.definition.mutations import DOCUMENTS, mutated


def examine(definition: PipelineDefinition) -> None:
    for finding in check(definition, SHAPES):
        assert finding.hint
        assert finding.message
    graph = build_graph(definition)
    if not graph.cycles():
        assert set(graph.order()) == set(definition.steps_by_name)
    placeholders_for(definition, {})
    for step in definition.all_steps():
        with suppress(ExpressionError):
            evaluate(step.arguments, Values())


def attempt(text: str | bytes) -> PipelineDefinition | DefinitionError:
    try:
        return parse(text)
    except DefinitionError as refused:
        return refused


@given(mutated())
@settings(max_examples=250, deadline=None)
def test_a_damaged_definition_gives_findings_and_never_a_traceback(document: Json) -> None:
    outcome = attempt(json.dumps(document))

    if isinstance(outcome, DefinitionError):
        with pytest.raises(DefinitionError) as refused:
            parse_and_check(json.dumps(document), SHAPES)
        assert set(outcome.findings) <= set(refused.value.findings)
        assert all(finding.hint for finding in refused.value.findings)
    else:
        examine(outcome)


@given(mutated())
@settings(max_examples=100, deadline=None)
def test_what_the_parser_takes_keeps_every_step_and_the_text(document: Json) -> None:
    outcome = attempt(json.dumps(document))

    if isinstance(outcome, PipelineDefinition):
        assert outcome.text == json.dumps(document)
        assert [step.raw for step in outcome.steps] == document["Steps"]


@given(st.sampled_from(DOCUMENTS), st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_cut_short_is_refused(document: Json, data: st.DataObject) -> None:
    text = json.dumps(document)
    outcome = attempt(text[: data.draw(st.integers(0, len(text) - 1))])

    assert isinstance(outcome, DefinitionError)
    assert outcome.slug == "malformed-json"


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_hint(noise: bytes) -> None:
    outcome = attempt(noise)

    assert isinstance(outcome, DefinitionError)
    assert outcome.hint


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=10), min_size=1, max_size=5))
def test_overrides_of_unknown_names_are_all_refused(overrides: dict[str, str]) -> None:
    definition = parse((CORPUS / "train-and-register" / "definition.json").read_bytes())

    with pytest.raises(DefinitionError) as refused:
        bind_parameters(definition, {"EXECUTION_S3_PREFIX": "s3://b/p", **overrides})

    assert [finding.code for finding in refused.value.findings] == ["ST011"] * len(overrides)
