"""The graph as it is drawn: rows downwards, nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from seatrial.definition import Edge, Graph
from seatrial.reports.html.layers import WIDEST, layers_of
from seatrial.reports.html.layout import BOX_HEIGHT, Drawing, lay_out


def a_graph(names: str, *edges: str) -> Graph:
    return Graph(tuple(names), tuple(Edge(edge[0], edge[1], "data") for edge in edges))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    names = [f"step-{index}" for index in range(draw(st.integers(1, 14)))]
    pairs = list(combinations(names, 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=24)) if pairs else []
    kinds = draw(st.lists(st.sampled_from(("data", "order", "branch")), min_size=24, max_size=24))
    edges = (Edge(one, other, kind) for (one, other), kind in zip(chosen, kinds, strict=False))
    return Graph(tuple(names), tuple(edges))


@given(graphs())
def test_boxes_stand_apart_inside_the_picture_and_below_what_they_wait_for(graph: Graph) -> None:
    drawing = lay_out(graph)
    box = {box.name: box for box in drawing.boxes}
    assert set(box) == set(graph.names)
    for one, other in combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= drawing.box_width or abs(one.y - other.y) >= BOX_HEIGHT
    for each in drawing.boxes:
        assert 0 <= each.x <= drawing.width - drawing.box_width
        assert 0 <= each.y <= drawing.height - BOX_HEIGHT
    for edge in graph.edges:
        assert box[edge.upstream].y < box[edge.downstream].y


def test_steps_without_any_edge_stand_in_rows() -> None:
    drawing = lay_out(a_graph("abc"))
    assert len({box.y for box in drawing.boxes}) == 1
    assert drawing.lines == ()


def test_a_definition_without_steps_draws_nothing() -> None:
    assert lay_out(Graph((), ())).boxes == ()


def test_two_kinds_between_two_steps_are_one_line_of_the_kind_that_says_most() -> None:
    graph = Graph(("a", "b"), (Edge("a", "b", "order"), Edge("a", "b", "data"), Edge("a", "b", "branch")))
    assert [line.kind for line in lay_out(graph).lines] == ["data"]


def test_a_long_line_is_led_around_the_steps_between() -> None:
    drawing = lay_out(a_graph("abc", "ab", "bc", "ac"))
    middle = next(box for box in drawing.boxes if box.name == "b")
    assert not middle.x <= _crossing(drawing, "a", "c") <= middle.x + drawing.box_width


def test_chains_are_straight_and_crossings_are_undone() -> None:
    graph = a_graph("abcd", "ad", "bc")
    at = {box.name: box.x for box in lay_out(graph).boxes}
    assert (at["a"], at["b"]) == (at["d"], at["c"])


def test_hundreds_of_steps_in_one_row_are_folded() -> None:
    names = ["start", *(f"fan-{index}" for index in range(300)), "gather"]
    edges = [Edge("start", name, "data") for name in names[1:-1]]
    edges += [Edge(name, "gather", "data") for name in names[1:-1]]
    graph = Graph(tuple(names), tuple(edges))
    assert max(map(len, layers_of(graph).rows)) == WIDEST
    assert lay_out(graph).crowded
    assert lay_out(graph).width < 1200


def test_a_long_chain_that_reads_its_first_step_throughout_stays_narrow() -> None:
    names = tuple(f"step-{index}" for index in range(200))
    chain = [Edge(one, other, "data") for one, other in pairwise(names)]
    drawing = lay_out(Graph(names, (*chain, *(Edge(names[0], name, "data") for name in names[2:]))))
    assert drawing.crowded
    assert drawing.width < 300


def _crossing(drawing: Drawing, upstream: str, downstream: str) -> float:
    """Where the line stands in the row between: the end of its first curve."""
    line = next(line for line in drawing.lines if (line.upstream, line.downstream) == (upstream, downstream))
    return float(line.path.partition("C")[2].split()[4])
