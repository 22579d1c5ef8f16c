"""Lineages that the tests of this room look at; each is of a simulated execution."""

from __future__ import annotations

from dataclasses import replace

from seatrial.dataflow import Flow, Lineage, lineage_of
from seatrial.ports.executions import Reuse, ReuseKind
from seatrial.ports.images import LocalImage
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import IMAGE
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.test_clean_pipelines import seeded, train_evaluate_register

STAND_IN = LocalImage(IMAGE, "seatrial/scikit-learn:1", "sha256:0123456789ab", "Python 3.11 instead of 3.9")


def flow(store: MemoryStore | None = None) -> Flow:
    """Train, evaluate, register, in a stand-in; the first step was taken over from an earlier execution."""
    ran = simulate(train_evaluate_register(), store=store or seeded())
    steps = tuple(
        replace(step, result=replace(step.result, image=STAND_IN)) if step.result else step
        for step in ran.record.steps
    )
    source = f"{ran.record.pipeline_arn}/execution/earlier00000"
    first = replace(steps[0], reuse=Reuse(ReuseKind.CACHE, source))
    return replace(ran, record=replace(ran.record, steps=(first, *steps[1:])))


def lineage() -> Lineage:
    """Its lineage."""
    return lineage_of(flow())
