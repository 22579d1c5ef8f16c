"""Everything that can be said about a definition before it runs: one list of checks, one list of findings."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.definition.checks import CHECKS, Subject
from seatrial.definition.model import ParameterValue, PipelineDefinition, StepShape
from seatrial.ports.findings import Finding


def check(
    definition: PipelineDefinition,
    shapes: Mapping[str, StepShape],
    parameters: Mapping[str, ParameterValue] | None = None,
) -> list[Finding]:
    """Every finding about the definition, in the order of the checks.

    With bound `parameters`, values that depend on nothing else are checked as the service will see them.
    """
    subject = Subject(definition, shapes, parameters or {})
    return [finding for examine in CHECKS for finding in examine(subject)]
