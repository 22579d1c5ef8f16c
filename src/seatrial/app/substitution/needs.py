"""Which steps cannot do their work here, and what to write so that something else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.app.substitution.suggesting import suggested
from seatrial.dataflow.codes import finding
from seatrial.definition import PipelineDefinition, Step
from seatrial.execution import STEP_TYPES
from seatrial.execution.steps.by_substitute import BySubstitute
from seatrial.ports.findings import Finding
from seatrial.ports.substitutes import Substitute


def steps_at_work(steps: Iterable[Step], substitutes: Mapping[str, Substitute]) -> list[Step]:
    """The steps that do something themselves, be it with another script, image or input."""
    return [step for step in steps if not _given(step, substitutes)]


def helpless_types(definition: PipelineDefinition, substitutes: Mapping[str, Substitute]) -> Iterator[str]:
    """The steps whose type does not run here and that have no substitute."""
    return (
        step.name
        for step in definition.all_steps()
        if step.name not in substitutes and isinstance(STEP_TYPES.get(step.type), BySubstitute | None)
    )


def without_substitute(
    definition: PipelineDefinition, steps: Iterable[Step], substitutes: Mapping[str, Substitute]
) -> Iterator[Finding]:
    """One error for each step that runs by substitute only and has none."""
    for step in steps:
        if isinstance(STEP_TYPES.get(step.type), BySubstitute) and not _given(step, substitutes):
            yield finding(
                "ST233",
                f"step {step.name!r}: {step.type} steps run here by a substitute only",
                where=f"{step.pointer}/Type",
                hint=f"write into seatrial.toml, or use --replay-from EXECUTION:\n"
                f"{suggested(step, definition)}",
                step=step.name,
            )


def _given(step: Step, substitutes: Mapping[str, Substitute]) -> bool:
    substitute = substitutes.get(step.name)
    return substitute is not None and substitute.gives
