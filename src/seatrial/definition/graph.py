"""The steps as a graph: edges from data, from DependsOn, and from a Condition to its branches."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal
from weakref import WeakKeyDictionary

from seatrial.definition import pointers
from seatrial.definition.model import PipelineDefinition, Step, Trigger
from seatrial.definition.references import step_references
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding, Severity

EdgeKind = Literal["data", "order", "branch"]
_NONE: frozenset[str] = frozenset()
_MOST_CYCLES = 20


@dataclass(frozen=True)
class Edge:
    """`downstream` waits for `upstream`; `pointer` is the place in the definition that says so.

    `trigger` is the end of `upstream` that it waits for.
    """

    upstream: str
    downstream: str
    kind: EdgeKind
    property_path: str | None = None
    pointer: str = ""
    trigger: Trigger = "Completed"


@dataclass(frozen=True)
class Graph:
    """Every step and edge; `names` are the steps in the document's order, which breaks ties."""

    names: tuple[str, ...]
    edges: tuple[Edge, ...]

    def upstream(self, step: str) -> frozenset[str]:
        """The steps that `step` waits for."""
        return self._upstream.get(step, _NONE)

    def downstream(self, step: str) -> frozenset[str]:
        """The steps that wait for `step`."""
        return self._downstream.get(step, _NONE)

    def trigger(self, upstream: str, downstream: str) -> Trigger:
        """The end of `upstream` that `downstream` waits for; DependsOn wins over data that is read."""
        return self._triggers.get((upstream, downstream), "Completed")

    def read_of(self, step: str) -> tuple[Edge, ...]:
        """The edges of those who read a property or a property file of `step`."""
        return self._read.get(step, ())

    def handlers(self, step: str) -> frozenset[str]:
        """The steps that may run because `step` failed."""
        return frozenset(
            name for name in self.downstream(step) if self.trigger(step, name) in ("Failed", "Any")
        )

    def descendants(self, step: str) -> frozenset[str]:
        """Every step that waits for `step`, directly or through others."""
        found: set[str] = set()
        waiting = [step]
        while waiting:
            for name in self.downstream(waiting.pop()) - found:
                found.add(name)
                waiting.append(name)
        return frozenset(found)

    def order(self) -> tuple[str, ...]:
        """Upstream before downstream, the document's order where that leaves a choice; a cycle raises."""
        position = self._position
        blocked = {name: len(self.upstream(name)) for name in self.names}
        ready = [position[name] for name in self.names if not blocked[name]]
        done: list[str] = []
        while ready:
            name = self.names[heapq.heappop(ready)]
            done.append(name)
            for waiting in self.downstream(name):
                blocked[waiting] -= 1
                if not blocked[waiting]:
                    heapq.heappush(ready, position[waiting])
        if len(done) < len(self.names):
            raise DefinitionError([cycle_finding(self, cycle) for cycle in self.cycles()], slug="cycle")
        return tuple(done)

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """Cycles that share no step, the first of them if there are many; each ends with its first step."""
        found: list[tuple[str, ...]] = []
        remaining = self._knotted(frozenset(self.names))
        while remaining and len(found) < _MOST_CYCLES:
            cycle = self._cycle_within(remaining)
            found.append(cycle)
            remaining = self._knotted(remaining - set(cycle))
        return tuple(found)

    def _knotted(self, names: frozenset[str]) -> frozenset[str]:
        """What is left when steps that wait for nothing, or that nothing waits for, are peeled off."""
        return _peel(_peel(names, self._upstream, self._downstream), self._downstream, self._upstream)

    def _cycle_within(self, knot: frozenset[str]) -> tuple[str, ...]:
        trail = [min(knot, key=self._position.__getitem__)]
        seen = {trail[0]: 0}
        while True:
            following = min(self.downstream(trail[-1]) & knot, key=self._position.__getitem__)
            if following in seen:
                return (*trail[seen[following] :], following)
            seen[following] = len(trail)
            trail.append(following)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.names)}

    @cached_property
    def _triggers(self) -> Mapping[tuple[str, str], Trigger]:
        return {
            (edge.upstream, edge.downstream): edge.trigger
            for edge in self.edges
            if edge.trigger != "Completed"
        }

    @cached_property
    def _read(self) -> Mapping[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            if edge.property_path is not None:
                found[edge.upstream].append(edge)
        return {name: tuple(edges) for name, edges in found.items()}

    @cached_property
    def _upstream(self) -> Mapping[str, frozenset[str]]:
        return _neighbours((edge.downstream, edge.upstream) for edge in self.edges)

    @cached_property
    def _downstream(self) -> Mapping[str, frozenset[str]]:
        return _neighbours((edge.upstream, edge.downstream) for edge in self.edges)


def _neighbours(pairs: Iterator[tuple[str, str]]) -> dict[str, frozenset[str]]:
    collected: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        collected[one].add(other)
    return {name: frozenset(others) for name, others in collected.items()}


def _peel(
    names: frozenset[str], held_by: Mapping[str, frozenset[str]], holds: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    left = set(names)
    count = {name: len(held_by.get(name, _NONE) & names) for name in names}
    free = [name for name in names if not count[name]]
    while free:
        name = free.pop()
        left.discard(name)
        for other in holds.get(name, _NONE) & left:
            count[other] -= 1
            if not count[other]:
                free.append(other)
    return frozenset(left)


# Checks, judges and the scheduler all ask for it: to find every reference takes most of a plan's time.
_BUILT: WeakKeyDictionary[PipelineDefinition, Graph] = WeakKeyDictionary()


def build_graph(definition: PipelineDefinition) -> Graph:
    """The graph of a definition, built once for each.

    A reference to a step that is not there makes no edge (see `check`).
    """
    graph = _BUILT.get(definition)
    if graph is None:
        graph = _BUILT[definition] = _built(definition)
    return graph


def _built(definition: PipelineDefinition) -> Graph:
    edges: dict[Edge, None] = {}
    for step in definition.all_steps():
        edges.update(dict.fromkeys(_edges_into(step, definition)))
    return Graph(tuple(definition.steps_by_name), tuple(edges))


def _edges_into(step: Step, definition: PipelineDefinition) -> Iterator[Edge]:
    known = definition.steps_by_name
    for reference in step_references(step):
        if reference.kind in ("step", "property-file") and reference.name in known:
            yield Edge(reference.name, step.name, "data", reference.property_path, reference.pointer)
    for index, dependency in enumerate(step.depends_on):
        upstream = resolve_dependency(dependency.name, definition)
        if upstream is not None:
            place = pointers.child(step.pointer, "DependsOn", index)
            yield Edge(upstream, step.name, "order", None, place, dependency.trigger)
    if step.parent is not None:
        yield Edge(step.parent, step.name, "branch", None, step.pointer)


# What the SDK makes of a collection: to depend on the collection is to depend on its last step.
COLLECTION_SUFFIXES = ("-RegisterModel", "-CreateModel")


def resolve_dependency(name: str, definition: PipelineDefinition) -> str | None:
    """The step that a DependsOn entry means: itself, or the last step of the collection of that name."""
    known = definition.steps_by_name
    if name in known:
        return name
    return next((name + suffix for suffix in COLLECTION_SUFFIXES if name + suffix in known), None)


def cycle_finding(graph: Graph, cycle: tuple[str, ...]) -> Finding:
    """The finding for one cycle, with the whole way round."""
    pairs = set(pairwise(cycle))
    edge = next(edge for edge in graph.edges if (edge.upstream, edge.downstream) in pairs)
    return Finding(
        code="ST015",
        severity=Severity.ERROR,
        message=f"steps wait for each other in a cycle: {' -> '.join(cycle)}",
        where=edge.pointer,
        step=cycle[0],
        hint=f"remove one of these dependencies, for example the one at {edge.pointer}",
    )
