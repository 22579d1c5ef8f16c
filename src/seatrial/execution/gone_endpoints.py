"""Endpoints that an earlier process had up: they are gone with it, and steps that are left may ask them."""

from __future__ import annotations

from collections.abc import Iterable

from seatrial.definition import Graph
from seatrial.ports.executions import StepRecord, StepStatus

ENDPOINT = "Endpoint"


def gone_endpoints(graph: Graph, steps: Iterable[StepRecord]) -> frozenset[str]:
    """The Endpoint steps that succeeded in an earlier process and that something unfinished comes after.

    They run again, and nothing before them does. One that was taken over from another execution never
    ran in this one.
    """
    done = {step.name for step in steps if step.status is StepStatus.SUCCEEDED}
    return frozenset(
        step.name
        for step in steps
        if step.type == ENDPOINT and step.name in done and step.reuse is None
        if graph.descendants(step.name) - done
    )
