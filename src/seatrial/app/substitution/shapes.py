"""The step types that a definition may have, given what is substituted."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.definition import PipelineDefinition, StepShape
from seatrial.ports.substitutes import Substitute


def shapes_with(
    shapes: Mapping[str, StepShape],
    definition: PipelineDefinition,
    substitutes: Mapping[str, Substitute],
) -> dict[str, StepShape]:
    """The known types, and an undocumented one for each unknown type whose steps all have a substitute."""
    unknown = {step.type for step in definition.all_steps() if step.type not in shapes}
    bare = {step.type for step in definition.all_steps() if not _gives(substitutes.get(step.name))}
    return {**shapes, **{kind: StepShape(type=kind, undocumented=True) for kind in unknown - bare}}


def _gives(substitute: Substitute | None) -> bool:
    return substitute is not None and substitute.gives
