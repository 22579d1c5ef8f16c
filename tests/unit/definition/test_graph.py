"""The graph: what waits for what and why, in an order that never changes, cycles shown whole."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import Edge, Graph, Json, build_graph
from seatrial.errors import DefinitionError
from tests.unit.definition.documents import definition, get, outputs, processing, step


def depending(**upstream: list[str]) -> Graph:
    return build_graph(definition(*(step(name, DependsOn=names) for name, names in upstream.items())))


def test_edges_say_why_one_step_waits_for_another() -> None:
    path = "ProcessingOutputConfig.Outputs['o'].S3Output.S3Uri"
    decide = {
        "Conditions": [
            {
                "Type": "Equals",
                "LeftValue": {"Std:JsonGet": {"PropertyFile": get("Steps.A.PropertyFiles.R"), "Path": "x"}},
                "RightValue": 1,
            }
        ],
        "IfSteps": [step("B", arguments=processing(Environment={"IN": get(f"Steps.A.{path}")}))],
        "ElseSteps": [],
    }
    pipeline = definition(step("Decide", "Condition", decide), step("A"), step("C", DependsOn=["A"]))

    assert build_graph(pipeline).edges == (
        Edge(
            "A",
            "Decide",
            "data",
            "PropertyFiles.R",
            "/Steps/0/Arguments/Conditions/0/LeftValue/Std:JsonGet/PropertyFile",
        ),
        Edge("A", "B", "data", path, "/Steps/0/Arguments/IfSteps/0/Arguments/Environment/IN"),
        Edge("Decide", "B", "branch", None, "/Steps/0/Arguments/IfSteps/0"),
        Edge("A", "C", "order", None, "/Steps/2/DependsOn/0"),
    )


def test_knows_the_neighbours_and_all_descendants_of_a_step() -> None:
    graph = depending(A=[], B=["A"], C=["A", "B"], D=["C"], E=[])

    assert graph.upstream("C") == {"A", "B"}
    assert graph.downstream("A") == {"B", "C"}
    assert graph.descendants("A") == {"B", "C", "D"}
    assert graph.descendants("E") == frozenset()
    assert graph.upstream("nobody") == frozenset()


def test_order_keeps_the_document_where_it_is_free() -> None:
    assert depending(C=["A"], B=[], A=[], D=["B"]).order() == ("B", "A", "C", "D")


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        pytest.param(["M-RepackModel-0", "M-RegisterModel"], "M-RegisterModel", id="registering"),
        pytest.param(["M-CreateModel"], "M-CreateModel", id="creating"),
        pytest.param(["M-RegisterModel", "M"], "M", id="a step of that very name"),
    ],
)
def test_depending_on_a_collection_is_depending_on_its_last_step(names: list[str], meant: str) -> None:
    graph = build_graph(definition(*map(step, names), step("After", DependsOn=["M"])))

    assert graph.upstream("After") == {meant}


def test_names_that_are_not_there_make_no_edge() -> None:
    graph = build_graph(
        definition(step("A", DependsOn=["X"], arguments=processing(Environment={"E": get("Steps.Y.Z")})))
    )

    assert graph.edges == ()


@pytest.mark.parametrize(
    ("upstream", "cycles"),
    [
        pytest.param({"A": ["A"]}, ["A -> A"], id="itself"),
        pytest.param(
            {"A": ["C"], "B": ["A"], "C": ["B"], "D": ["C"]}, ["A -> B -> C -> A"], id="three, and one behind"
        ),
        pytest.param(
            {"A": ["B"], "B": ["A"], "C": ["B", "D"], "D": ["C"]}, ["A -> B -> A", "C -> D -> C"], id="two"
        ),
        pytest.param(
            {"S": [], "A": ["S", "B"], "B": ["A"], "T": ["B"]}, ["A -> B -> A"], id="source and sink"
        ),
    ],
)
def test_a_cycle_is_shown_whole(upstream: dict[str, list[str]], cycles: list[str]) -> None:
    with pytest.raises(DefinitionError) as refused:
        depending(**upstream).order()

    messages = [finding.message for finding in refused.value.findings]
    assert messages == [f"steps wait for each other in a cycle: {cycle}" for cycle in cycles]


def test_a_cycle_names_the_place_where_it_can_be_cut() -> None:
    arguments = processing(Environment={"E": get("Steps.B.RoleArn")})
    graph = build_graph(definition(step("A", arguments=arguments), step("B", DependsOn=["A"])))

    with pytest.raises(DefinitionError) as refused:
        graph.order()

    assert refused.value.where == "/Steps/0/Arguments/Environment/E"
    assert "/Steps/0/Arguments/Environment/E" in (refused.value.hint or "")


names = [f"S{index}" for index in range(8)]
links = st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=20)


def graph_of(pairs: list[tuple[str, str]]) -> Graph:
    return Graph(tuple(names), tuple(Edge(one, other, "order") for one, other in pairs))


@given(links)
def test_an_order_respects_every_edge_or_there_is_a_cycle(pairs: list[tuple[str, str]]) -> None:
    graph = graph_of(pairs)
    cycles = graph.cycles()

    for cycle in cycles:
        assert cycle[0] == cycle[-1]
        assert set(pairwise(cycle)) <= set(pairs)
    if not cycles:
        position = {name: index for index, name in enumerate(graph.order())}
        assert sorted(position) == names
        assert all(position[one] < position[other] for one, other in pairs)


@given(links)
def test_order_fails_exactly_when_there_is_a_cycle(pairs: list[tuple[str, str]]) -> None:
    graph = graph_of(pairs)
    try:
        ordered = graph.order()
    except DefinitionError:
        ordered = ()

    assert (ordered == ()) == bool(graph.cycles())


@given(links, st.randoms())
def test_order_does_not_depend_on_the_order_of_edges(pairs: list[tuple[str, str]], random: Random) -> None:
    acyclic = [(one, other) for one, other in pairs if one < other]
    shuffled = list(acyclic)
    random.shuffle(shuffled)

    assert graph_of(acyclic).order() == graph_of(shuffled).order()


def test_a_document_of_outputs_and_inputs_orders_itself() -> None:
    def link(name: str, upstream: str | None) -> Json:
        reading = {"IN": get(f"Steps.{upstream}.ProcessingOutputConfig.Outputs['o'].S3Output.S3Uri")}
        return step(
            name,
            arguments=processing(
                ProcessingOutputConfig=outputs("o"), Environment=reading if upstream else {}
            ),
        )

    pipeline = definition(link("C", "B"), link("B", "A"), link("A", None))

    assert build_graph(pipeline).order() == ("A", "B", "C")
    assert json.loads(pipeline.text)["Steps"][0]["Name"] == "C"


def test_the_graph_of_a_definition_is_built_once() -> None:
    told = definition(step("A"), step("B", DependsOn=["A"]))
    other = definition(step("A"), step("B"))

    assert build_graph(told) is build_graph(told)
    assert [build_graph(each).upstream("B") for each in (told, other)] == [{"A"}, set()]


def test_knows_who_reads_what_of_a_step() -> None:
    graph = build_graph(
        definition(
            step("A"),
            step("B", Arguments={"x": get("Steps.A.Name"), "y": get("Steps.A.PropertyFiles.R")}),
            step("C", DependsOn=["A"]),
        )
    )
    found = [(edge.downstream, edge.property_path) for edge in graph.read_of("A")]
    assert found == [("B", "Name"), ("B", "PropertyFiles.R")]
    assert graph.read_of("B") == ()
