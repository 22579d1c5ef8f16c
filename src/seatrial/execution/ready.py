"""Which steps may start; knows the graph, not what a step is."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from seatrial.definition import Graph, PipelineDefinition


class ReadySet:
    """Steps become ready when all upstream steps have succeeded, and come out in the document's order.

    A step inside a Condition waits for it like for any other, and for its branch to be the one taken;
    what waits for a step of the other branch waits for ever, and so never appears.
    """

    def __init__(
        self,
        definition: PipelineDefinition,
        graph: Graph,
        selects: Callable[[str], bool] = lambda name: True,
    ) -> None:
        """`selects` says which steps may become ready at all."""
        self._graph = graph
        self._names = graph.names
        self._position = {name: position for position, name in enumerate(graph.names)}
        self._blocked = {name: len(graph.upstream(name)) for name in graph.names}
        self._branch = {step.name: (step.parent, step.branch) for step in definition.all_steps()}
        self._ready = [self._position[name] for name in graph.names if not self._blocked[name]]
        self._taken = {name for name in graph.names if not selects(name)}

    def pop(self) -> str | None:
        """The next step to start, None if none is ready."""
        while self._ready:
            name = self._names[heapq.heappop(self._ready)]
            if name not in self._taken:
                self._taken.add(name)
                return name
        return None

    def begun(self, name: str) -> None:
        """The step was started by somebody else and never becomes ready."""
        self._taken.add(name)

    def succeeded(self, name: str, branch: str | None = None) -> None:
        """Let those that wait for the step go on; `branch` is the one that a Condition took."""
        self._taken.add(name)
        for waiting in self._graph.downstream(name):
            parent, own = self._branch[waiting]
            if parent == name and own != branch:
                continue
            self._blocked[waiting] -= 1
            if not self._blocked[waiting]:
                heapq.heappush(self._ready, self._position[waiting])
