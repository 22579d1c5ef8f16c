"""Property files: is each one that is read declared, and is its output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.expressions import expression_of
from seatrial.definition.model import Json, Step
from seatrial.definition.report import suggestion
from seatrial.ports.findings import Finding


def check_property_files(subject: Subject) -> Iterator[Finding]:
    """Readers find a declaration, declarations find an output."""
    for reference, step in subject.references:
        target = subject.definition.step(reference.name) if reference.property_file is not None else None
        declared = [file.name for file in target.property_files] if target is not None else []
        if target is not None and reference.property_file not in declared:
            message = f"step {target.name!r} declares no property file {reference.property_file!r}"
            hint = suggestion(reference.property_file, declared) if declared else _declare(target)
            yield error("ST014", message, reference.pointer, hint, step=step, also=target.pointer)
    for holder in subject.definition.all_steps():
        yield from _outputs(holder)


def _declare(step: Step) -> str:
    return f"add it to PropertyFiles of step {step.name!r} (property_files=[…] in the SDK)"


def _outputs(step: Step) -> Iterator[Finding]:
    names = output_names(step.arguments) if step.property_files else None
    if names is None:
        return
    for index, file in enumerate(step.property_files):
        if file.output_name not in names:
            message = (
                f"property file {file.name!r} lies in output {file.output_name!r}, which the step has not"
            )
            where = pointers.child(step.pointer, "PropertyFiles", index, "OutputName")
            yield error("ST014", message, where, suggestion(file.output_name, names), step=step)


def output_names(arguments: Mapping[str, Json]) -> list[str] | None:
    """The names of a processing request's outputs, None where an expression hides one."""
    config = arguments.get("ProcessingOutputConfig") or {}
    outputs = config.get("Outputs", []) if isinstance(config, Mapping) else None
    if expression_of(config) is not None or not isinstance(outputs, list):
        return None
    names = [output.get("OutputName") if isinstance(output, Mapping) else None for output in outputs]
    return (
        [name for name in names if isinstance(name, str)] if all(isinstance(n, str) for n in names) else None
    )
