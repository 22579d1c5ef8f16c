"""Turns what the sides answer into series; knows which phases there are."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.bare import Phases
from benchmarks.protocol import Answer
from benchmarks.results import Results

PHASES = ("stage_in", "container", "stage_out")


def note_phases(results: Results, name: str, answer: Answer, steps: int = 1) -> None:
    """Each phase per step, and the rest: what of the execution's time was in none of them."""
    spent = 0.0
    for phase in PHASES:
        seconds = sum(step.get(phase, 0.0) for step in answer.steps.values()) / steps
        results.note(f"{name}.{phase}", seconds)
        spent += seconds
    results.note(f"{name}.rest", answer.seconds / steps - spent)


def note_bare(results: Results, name: str, runs: Sequence[Phases]) -> None:
    """The mean of containers that ran one after another."""
    for part in ("create", "start", "wait", "remove", "total"):
        results.note(f"{name}.{part}", sum(float(getattr(run, part)) for run in runs) / len(runs))
