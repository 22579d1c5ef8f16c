"""Everything that can be said about a definition before it runs: one list of checks, one list of findings."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.definition.graph import build_graph, cycle_finding
from seatrial.definition.model import PipelineDefinition, StepShape
from seatrial.ports.findings import Finding


def check(definition: PipelineDefinition, shapes: Mapping[str, StepShape]) -> list[Finding]:
    """Every finding about the definition, in the order of the checks."""
    graph = build_graph(definition)
    return [cycle_finding(graph, cycle) for cycle in graph.cycles()]
