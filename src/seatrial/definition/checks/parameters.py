"""Parameters: those that need a value, and those that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition.checks.subject import Subject, note
from seatrial.definition.model import MISSING
from seatrial.definition.placeholders import placeholders_for
from seatrial.ports.findings import Finding


def check_parameters(subject: Subject) -> Iterator[Finding]:
    """Notes only: whether every parameter has a value is known when they are bound."""
    used = {reference.name for reference, _ in subject.references if reference.kind == "parameter"}
    placeholders = placeholders_for(subject.definition, subject.parameters)
    for parameter in subject.definition.parameters:
        if parameter.name not in used:
            message = f"parameter {parameter.name!r} is used nowhere"
            yield note("ST031", message, parameter.pointer, "remove it, or refer to it")
        if parameter.name in placeholders:
            message = (
                f"parameter {parameter.name!r} has no default and no effect here; a placeholder stands in"
            )
            yield note("ST032", message, parameter.pointer, f"-p {parameter.name}=VALUE sets it all the same")
        elif parameter.default is MISSING and parameter.name not in subject.parameters:
            message = f"parameter {parameter.name!r} has no default"
            yield note("ST030", message, parameter.pointer, f"add -p {parameter.name}=VALUE when you run it")
