"""Everything that can be said about a definition before it runs: one list of checks, one list of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seatrial.definition.checks import CHECKS, Subject
from seatrial.definition.model import ParameterValue, PipelineDefinition, StepShape
from seatrial.definition.parsing import read
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding, Severity


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


def parse_and_check(
    text: str | bytes, shapes: Mapping[str, StepShape], *, source: str = "definition.json"
) -> PipelineDefinition:
    """Read a definition and check it; raise one DefinitionError with every error of both.

    `check` the definition again, with its parameters bound, for warnings and notes.
    """
    definition, faults = read(text, source=source)
    checked = check(definition, shapes) if definition is not None else []
    errors = [finding for finding in checked if finding.severity is Severity.ERROR]
    if definition is None or faults or errors:
        raise DefinitionError([*faults, *_independent(errors, faults)])
    return definition


def _independent(errors: Sequence[Finding], faults: Sequence[Finding]) -> list[Finding]:
    """The errors that do not merely follow from a part of the document that could not be read."""
    places = {fault.where for fault in faults}
    unread = {
        code for code, section in _NAMED_IN.items() if any(place.startswith(section) for place in places)
    }
    return [error for error in errors if error.code not in unread and not _within(error.where, places)]


# What a fault in a section may have hidden, so that a name seems to be missing.
_NAMED_IN = {"ST011": "/Parameters", "ST012": "/Steps"}


def _within(where: str, places: set[str]) -> bool:
    parts = where.split("/")
    return any("/".join(parts[:depth]) in places for depth in range(2, len(parts) + 1))
