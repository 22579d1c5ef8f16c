"""What lies behind a step: who made what it holds, and which decisions let it run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.dataflow.lineage.model import Lineage, LineageEntry, LineageValue


@dataclass(frozen=True)
class Ancestry:
    """The steps whose data flowed to one, itself included; `decisions` let these run.

    `decision_steps` are those that only a decision read, with what lies behind them.
    """

    steps: tuple[str, ...]
    decisions: tuple[str, ...]
    decision_steps: tuple[str, ...]

    @property
    def every(self) -> frozenset[str]:
        """All of them, whatever they did for it."""
        return frozenset((*self.steps, *self.decisions, *self.decision_steps))

    def entries(self, lineage: Lineage) -> tuple[LineageEntry, ...]:
        """The flows among them, and into them from outside."""
        return tuple(entry for entry in lineage.entries if entry.to_step in self.every)

    def values(self, lineage: Lineage) -> tuple[LineageValue, ...]:
        """The properties that one of them was given by another."""
        return tuple(value for value in lineage.values if value.to_step in self.every)

    def sources(self, lineage: Lineage) -> tuple[str, ...]:
        """The locations outside the pipeline that its data and code came from."""
        made = set(self.steps)
        outside = (e.s3_uri for e in lineage.entries if e.from_step is None and e.to_step in made)
        return tuple(dict.fromkeys(outside))


def ancestry_of(lineage: Lineage, step: str) -> Ancestry:
    """What lies behind a step, in the order in which all that started."""
    made = _behind(lineage, [step])
    decisions: set[str] = set()
    deciding: set[str] = set()
    waiting = _conditions(lineage, made)
    while waiting:
        decisions |= waiting
        deciding |= _behind(lineage, waiting) - decisions - made
        waiting = _conditions(lineage, deciding | decisions) - decisions
    return Ancestry(
        _ordered(lineage, made), _ordered(lineage, decisions), _ordered(lineage, deciding - decisions)
    )


def _behind(lineage: Lineage, steps: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(steps)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [entry.from_step for entry in lineage.into(name) if entry.from_step]
            waiting += [value.from_step for value in lineage.values_into(name)]
    return found


def _conditions(lineage: Lineage, steps: Iterable[str]) -> set[str]:
    """The conditions on whose branches the steps stand."""
    return {lineage.branches[step] for step in steps if step in lineage.branches}


def _ordered(lineage: Lineage, names: set[str]) -> tuple[str, ...]:
    return tuple(step.name for step in lineage.steps if step.name in names)
