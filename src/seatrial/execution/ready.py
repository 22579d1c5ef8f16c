"""Which steps may start; knows the graph, not what a step is."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping

from seatrial.definition import Graph, PipelineDefinition
from seatrial.definition.model import Trigger
from seatrial.ports.executions import StepStatus

_ENDS: Mapping[Trigger, tuple[StepStatus, ...]] = {
    "Completed": (StepStatus.SUCCEEDED,),
    "Failed": (StepStatus.FAILED,),
    "Stopped": (StepStatus.STOPPED,),
    "Any": (StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.STOPPED),
}


class ReadySet:
    """Steps become ready when all upstream steps have ended as they wait for, in the document's order.

    That is a success, unless `DependsOn` names another trigger. A step inside a Condition waits for it
    like for any other, and for its branch to be the one taken; what waits for a step that never ends so
    waits for ever, and so never appears.
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
        self._freed: set[str] = set()
        self._taken = {name for name in graph.names if not selects(name)}

    def pop(self, *, handlers_only: bool = False) -> str | None:
        """The next step to start, None if none is ready.

        With `handlers_only` it is one that a failure set free; the others are let go for good.
        """
        while self._ready:
            name = self._names[heapq.heappop(self._ready)]
            if name not in self._taken and (not handlers_only or name in self._freed):
                self._taken.add(name)
                return name
        return None

    def begun(self, name: str) -> None:
        """The step was started by somebody else and never becomes ready."""
        self._taken.add(name)

    def ended(self, name: str, status: StepStatus, branch: str | None = None) -> None:
        """Let those that wait for this end of the step go on; `branch` is the one that a Condition took."""
        self._taken.add(name)
        for waiting in self._graph.downstream(name):
            parent, own = self._branch[waiting]
            if parent == name and own != branch:
                continue
            if status not in _ENDS[self._graph.trigger(name, waiting)]:
                continue
            self._blocked[waiting] -= 1
            if status is not StepStatus.SUCCEEDED:
                self._freed.add(waiting)
            if not self._blocked[waiting]:
                heapq.heappush(self._ready, self._position[waiting])
