"""Puts steps into rows, upstream above downstream, with few crossings; knows nothing of sizes or drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from seatrial.definition import Graph

WIDEST = 5
"""More steps than these in one row are folded onto several."""

_MOST_BENDS = 120
"""Where leading lines around steps would take more turns than these, they run behind them instead."""

_SWEEPS = 6


@dataclass(frozen=True)
class Bend:
    """Where a line passes through a row on its way from `upstream` to `downstream`."""

    upstream: str
    downstream: str
    row: int


Place = str | Bend
"""What stands in a row: a step, by name, or a line that passes."""

Rows = list[list[Place]]


@dataclass(frozen=True)
class Layers:
    """The rows from top to bottom, and each link as the places that it runs through.

    Where they are `straight`, lines run behind steps.
    """

    rows: tuple[tuple[Place, ...], ...]
    routes: Mapping[tuple[str, str], tuple[Place, ...]]
    straight: bool = False


def layers_of(graph: Graph) -> Layers:
    """Rows by the longest way from a source; lines are led around steps where that stays readable."""
    depth = _depths(graph)
    links = tuple(dict.fromkeys((edge.upstream, edge.downstream) for edge in graph.edges))
    rows: Rows = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in graph.names:
        rows[depth[name]].append(name)
    bends = sum(depth[below] - depth[above] - 1 for above, below in links)
    if bends > _MOST_BENDS or any(len(row) > WIDEST for row in rows):
        routes: dict[tuple[str, str], tuple[Place, ...]] = {link: link for link in links}
        _untangle(rows, routes)
        return Layers(tuple(_folded(rows)), routes, straight=True)
    routes = {link: _route(link, depth, rows) for link in links}
    _untangle(rows, routes)
    return Layers(tuple(map(tuple, rows)), routes)


def _depths(graph: Graph) -> dict[str, int]:
    depth: dict[str, int] = {}
    for name in graph.order():
        depth[name] = 1 + max((depth[above] for above in graph.upstream(name)), default=-1)
    return depth


def _route(link: tuple[str, str], depth: Mapping[str, int], rows: Rows) -> tuple[Place, ...]:
    upstream, downstream = link
    bends = [Bend(*link, row) for row in range(depth[upstream] + 1, depth[downstream])]
    for bend in bends:
        rows[bend.row].append(bend)
    return (upstream, *bends, downstream)


def _untangle(rows: Rows, routes: Mapping[tuple[str, str], Sequence[Place]]) -> None:
    """Order each row by where its neighbours above, then below, stand: the barycentre method."""
    above: dict[Place, list[Place]] = defaultdict(list)
    below: dict[Place, list[Place]] = defaultdict(list)
    for route in routes.values():
        for one, other in pairwise(route):
            above[other].append(one)
            below[one].append(other)
    for _ in range(_SWEEPS):
        _sweep(rows, above)
        _sweep(rows[::-1], below)
    _sweep(rows, above)


def _sweep(rows: Rows, neighbours: Mapping[Place, Sequence[Place]]) -> None:
    at: dict[Place, float] = {}
    for row in rows:
        middle = {
            place: _mean([at[other] for other in neighbours.get(place, ()) if other in at], index)
            for index, place in enumerate(row)
        }
        row.sort(key=middle.__getitem__)
        at.update({place: index - (len(row) - 1) / 2 for index, place in enumerate(row)})


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _folded(rows: Rows) -> list[tuple[Place, ...]]:
    return [tuple(row[start : start + WIDEST]) for row in rows for start in range(0, len(row), WIDEST)]
