"""The graph as boxes and curves with coordinates, for inline SVG; knows nothing of states or colours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from seatrial.definition import Graph
from seatrial.definition.graph import EdgeKind
from seatrial.reports.html.layers import Bend, Layers, Place, layers_of

BOX_HEIGHT = 44
_GAP = 18
_BEND_GAP = 11
_ROW_GAP = 42
_BEND_WIDTH = 6
_MARGIN = 6
_NARROWEST = 176
_WIDEST = 228
_CHARACTER = 7.9
_BOX_PADDING = 44
_PASSES = 12
_ARROW = 5

# Between two steps one line is enough: the kind that says most.
_WEIGHT: dict[EdgeKind, int] = {"order": 0, "branch": 1, "data": 2}


@dataclass(frozen=True)
class Box:
    """One step; `x` and `y` are its upper left corner."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """One link; `path` is the `d` of an SVG path, downwards, short of the arrow's length."""

    upstream: str
    downstream: str
    kind: EdgeKind
    path: str


@dataclass(frozen=True)
class Drawing:
    """Everything in pixels; all boxes have one size. It is `crowded` where lines run behind boxes."""

    width: float
    height: float
    box_width: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    crowded: bool = False


def lay_out(graph: Graph) -> Drawing:
    """The drawing of a graph."""
    layers = layers_of(graph)
    longest = max(map(len, graph.names), default=0)
    box_width = round(min(_WIDEST, max(_NARROWEST, longest * _CHARACTER + _BOX_PADDING)))
    centre = _centres(layers, box_width)
    row_of = {place: index for index, row in enumerate(layers.rows) for place in row}
    top = {place: _MARGIN + row * (BOX_HEIGHT + _ROW_GAP) for place, row in row_of.items()}
    boxes = tuple(Box(name, round(centre[name] - box_width / 2, 1), top[name]) for name in graph.names)
    kinds = _kinds(graph)
    lines = tuple(
        Line(*link, kinds[link], _path([(centre[place], top[place]) for place in route]))
        for link, route in layers.routes.items()
    )
    rows = len(layers.rows)
    height = rows * BOX_HEIGHT + max(rows - 1, 0) * _ROW_GAP + 2 * _MARGIN
    right = max((centre[place] + _width(place, box_width) / 2 for place in row_of), default=0.0)
    return Drawing(round(right + _MARGIN, 1), height, box_width, boxes, lines, layers.straight)


def _kinds(graph: Graph) -> Mapping[tuple[str, str], EdgeKind]:
    kinds: dict[tuple[str, str], EdgeKind] = {}
    for edge in graph.edges:
        link = edge.upstream, edge.downstream
        if link not in kinds or _WEIGHT[edge.kind] > _WEIGHT[kinds[link]]:
            kinds[link] = edge.kind
    return kinds


def _centres(layers: Layers, box_width: float) -> dict[Place, float]:
    """Each place as near to the middle of its neighbours as its row allows."""
    neighbours: dict[Place, list[Place]] = defaultdict(list)
    for route in layers.routes.values():
        for one, other in pairwise(route):
            neighbours[one].append(other)
            neighbours[other].append(one)
    centre: dict[Place, float] = {}
    for row in layers.rows:
        _settle(row, dict.fromkeys(row, 0.0), centre, box_width)
    for _ in range(_PASSES):
        for row in layers.rows:
            wanted = {
                place: _mean([centre[other] for other in neighbours[place]], centre[place]) for place in row
            }
            _settle(row, wanted, centre, box_width)
    left = min((at - _width(place, box_width) / 2 for place, at in centre.items()), default=0.0)
    return {place: round(at - left + _MARGIN, 1) for place, at in centre.items()}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _settle(
    row: Sequence[Place], wanted: Mapping[Place, float], centre: dict[Place, float], box_width: float
) -> None:
    """Keep the order and the gaps, and come on average as close to what is wanted as can be."""
    right = float("-inf")
    for place in row:
        half = _width(place, box_width) / 2
        gap = _BEND_GAP if isinstance(place, Bend) else _GAP
        centre[place] = max(wanted[place], right + gap + half)
        right = centre[place] + half
    drift = sum(centre[place] - wanted[place] for place in row) / len(row)
    for place in row:
        centre[place] -= drift


def _width(place: Place, box_width: float) -> float:
    return _BEND_WIDTH if isinstance(place, Bend) else box_width


def _path(tops: Sequence[tuple[float, float]]) -> str:
    """From the bottom of the first box to the top of the last, straight through the rows between."""
    x, y = tops[0][0], tops[0][1] + BOX_HEIGHT
    parts = [f"M{x:g} {y:g}"]
    for index, (to_x, top) in enumerate(tops[1:], start=1):
        last = index == len(tops) - 1
        to_y = top - _ARROW if last else top
        middle = (y + to_y) / 2
        parts.append(f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}")
        x, y = to_x, to_y
        if not last:
            y = top + BOX_HEIGHT
            parts.append(f"V{y:g}")
    return "".join(parts)
