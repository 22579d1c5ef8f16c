"""References: does each one name something that will be there."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.model import Step
from seatrial.definition.properties import Dead, follow
from seatrial.definition.references import Reference
from seatrial.definition.report import suggestion
from seatrial.ports.findings import Finding

EXECUTION_VARIABLES = (
    "StartDateTime",
    "CurrentDateTime",
    "PipelineName",
    "PipelineArn",
    "PipelineExecutionId",
    "PipelineExecutionArn",
    "TrainingJobName",
    "ProcessingJobName",
)


def check_references(subject: Subject) -> Iterator[Finding]:
    """Every parameter, variable, step and property that is read exists."""
    for reference, step in subject.references:
        if reference.kind == "parameter":
            yield from _parameter(reference, step, subject)
        elif reference.kind == "execution":
            yield from _variable(reference, step)
        else:
            yield from _step(reference, step, subject)


def _parameter(reference: Reference, step: Step | None, subject: Subject) -> Iterator[Finding]:
    if subject.definition.parameter(reference.name) is None:
        known = subject.definition.parameters_by_name
        hint = suggestion(reference.name, known) if known else "declare it in the pipeline's Parameters"
        yield error(
            "ST011", f"the pipeline has no parameter {reference.name!r}", reference.pointer, hint, step=step
        )


def _variable(reference: Reference, step: Step | None) -> Iterator[Finding]:
    if reference.name not in EXECUTION_VARIABLES:
        message = f"there is no execution variable {reference.name!r}"
        hint = suggestion(reference.name, EXECUTION_VARIABLES)
        yield error("ST011", message, reference.pointer, hint, step=step)


def _step(reference: Reference, step: Step | None, subject: Subject) -> Iterator[Finding]:
    target = subject.definition.step(reference.name)
    if target is None:
        message = f"the pipeline has no step {reference.name!r}"
        hint = suggestion(reference.name, subject.definition.steps_by_name)
        yield error("ST012", message, reference.pointer, hint, step=step)
        return
    shape = subject.shapes.get(target.type)
    if shape is None:
        return
    if not shape.referable:
        message = f"step {target.name!r} is of type {target.type}, which nothing can refer to"
        yield error(
            "ST016", message, reference.pointer, "remove the reference", step=step, also=target.pointer
        )
    elif reference.path is not None:
        found = follow(reference.path, target, shape)
        if isinstance(found, Dead):
            yield error("ST013", found.message, reference.pointer, found.hint, step=step, also=target.pointer)
