"""Step types: can each step run here, are its keys and its place its type's."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition import pointers
from seatrial.definition.checks.subject import Subject, error, warning
from seatrial.definition.model import Step, StepShape
from seatrial.definition.parsing.steps import TYPE_KEYS, unknown_keys
from seatrial.definition.report import PREFIX, listed, suggestion
from seatrial.ports.findings import Finding


def check_step_types(subject: Subject) -> Iterator[Finding]:
    """Every step has a type that runs here, with the keys of that type."""
    for step in subject.definition.all_steps():
        shape = subject.shapes.get(step.type)
        if shape is None:
            yield _unknown_type(step, subject)
        else:
            yield from _keys(step, shape)
        if step.type == "Condition" and step.parent is not None:
            yield _nested(step)


def _unknown_type(step: Step, subject: Subject) -> Finding:
    where = pointers.child(step.pointer, "Type")
    if step.type in TYPE_KEYS:
        message = f"step {step.name!r}: seatrial does not run {step.type} steps"
        hint = (
            f"it runs {listed(sorted(subject.shapes))}; take the step out, or install a plug-in that runs it"
        )
    else:
        message = f"step {step.name!r} has the unknown type {step.type!r}"
        hint = suggestion(step.type, sorted({*subject.shapes, *TYPE_KEYS}))
    return error("ST017", message, where, hint, step=step)


def _keys(step: Step, shape: StepShape) -> Iterator[Finding]:
    if shape.undocumented or step.type in TYPE_KEYS:  # parsing has looked at the latter
        return
    for key in unknown_keys(step, shape.extra_keys):
        message = f"{PREFIX}Cannot parse object, unknown property '{key}'."
        yield error("ST003", message, pointers.child(step.pointer, key), "remove it", step=step)


def _nested(step: Step) -> Finding:
    # AWS documents nested conditions as unsupported, and definitions have them all the same.
    return warning(
        "ST018",
        f"condition {step.name!r} stands inside condition {step.parent!r}; it runs here, and the service "
        f"documents nesting as unsupported",
        step.pointer,
        f"put its Conditions into {step.parent!r}, or make it a top-level step",
        step=step,
    )
