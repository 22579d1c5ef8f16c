"""What an engine says of the steps of a pipeline, each word where it stands in the definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from seatrial.app.pointed import pointed
from seatrial.app.substitution.needs import given_inputs, lies_within, steps_at_work, way_out
from seatrial.dataflow.codes import finding
from seatrial.definition import Step
from seatrial.execution import STEP_TYPES
from seatrial.execution.steps.job import JobStep
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import JobEngine, JobKind
from seatrial.ports.substitutes import Substitute


def unsupported(
    engine: JobEngine, steps: Iterable[Step], substitutes: Mapping[str, Substitute] = MappingProxyType({})
) -> Iterator[Finding]:
    """What the engine cannot do, said before the run and not in the middle of it.

    A step whose outcome is given is asked nothing, and neither is an input that is given.
    """
    for step, kind in _jobs(steps_at_work(steps, substitutes)):
        given = given_inputs(step, substitutes.get(step.name))
        for line in engine.unsupported(kind, step.arguments):
            pointer, _, reason = line.partition(": ")
            if not lies_within(pointer, given):
                where = f"{step.pointer}/Arguments{pointer}"
                hint = way_out(step, pointer)
                yield finding(
                    "ST201", f"not supported here: {reason}", where=where, hint=hint, step=step.name
                )


def ignored(engine: JobEngine, steps: Iterable[Step]) -> dict[str, str]:
    """JSON pointer to reason, for each member that the engine accepts and that changes nothing."""
    found: dict[str, str] = {}
    for step, kind in _jobs(steps):
        found.update(pointed(step, engine.without_effect(kind, step.arguments)))
    return found


def _jobs(steps: Iterable[Step]) -> Iterator[tuple[Step, JobKind]]:
    for step in steps:
        step_type = STEP_TYPES[step.type]
        if isinstance(step_type, JobStep):
            yield from ((step, kind) for kind in step_type.kinds(step))
