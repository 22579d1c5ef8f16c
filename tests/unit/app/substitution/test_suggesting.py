"""The lines that would substitute a step: TOML that can be read, in which every reference finds something."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seatrial.app.substitution.properties import unresolved
from seatrial.app.substitution.suggesting import skeleton, suggested, toml_of
from seatrial.definition import PropertyPath
from seatrial.storage.seeds import parse_toml
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training

PLAIN = st.sampled_from(["BestCandidate", "Environment", "a b", "x.y"])
NAMES = PLAIN | st.sampled_from(["Outputs", "FinalMetricDataList"])  # those are read by a name inside


def paths_of(names: st.SearchStrategy[str]) -> st.SearchStrategy[PropertyPath]:
    rest = st.lists(names | st.integers(0, 3), max_size=4)
    return st.builds(lambda first, more: PropertyPath((first, *more)), names, rest)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers(-(2**40), 2**40) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(paths_of(PLAIN))
def test_a_path_leads_somewhere_in_what_is_made_for_it(path: PropertyPath) -> None:
    assert list(unresolved(skeleton([path]), [path])) == []


@given(st.lists(paths_of(NAMES), max_size=5))
def test_any_paths_give_toml_that_can_be_read_back(paths: list[PropertyPath]) -> None:
    document = skeleton(paths)
    assert parse_toml(f"properties = {toml_of(document)}") == {"properties": document}


@given(VALUES)
def test_a_value_on_one_line_is_read_back_as_it_was(value: Any) -> None:
    assert parse_toml(f"value = {toml_of(value)}") == {"value": value}


def test_of_a_job_the_outputs_that_others_read_are_suggested_and_else_all() -> None:
    load = processing("Load", outputs={"DATA": join(PREFIX, "d"), "META": join(PREFIX, "m")})
    read = processing("Read", {"raw": output_of("Load", "DATA")})
    metric = {"Get": "Steps.Train.FinalMetricDataList['val:auc'].Value"}
    definition = pipeline(load, read, training("Train"), processing("Tell", arguments=[metric]))
    steps = definition.steps_by_name

    assert suggested(steps["Load"], definition).splitlines() == [
        '[substitutes."Load"]',
        'outputs = { DATA = "a folder or file" }',
    ]
    assert suggested(steps["Train"], definition).splitlines() == [
        '[substitutes."Train"]',
        'outputs = { model = "a folder or file" }',
        'properties = { FinalMetricDataList = [{ MetricName = "val:auc", Value = "…" }] }',
    ]
    assert suggested(pipeline(load).steps[0], pipeline(load)).endswith(
        'outputs = { DATA = "a folder or file", META = "a folder or file" }'
    )
