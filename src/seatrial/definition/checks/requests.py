"""D2: Arguments against AWS's own model of the request they become, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.definition import pointers
from seatrial.definition.checks.subject import Subject
from seatrial.definition.model import Step, StepShape
from seatrial.definition.requests.rules import FAILED, Visit, unknown_member, violations
from seatrial.definition.service_model import request_shape
from seatrial.ports.findings import Finding


def check_requests(subject: Subject) -> Iterator[Finding]:
    """Every step's Arguments are a request that the service would take, as far as they are known."""
    for step in subject.definition.all_steps():
        shape = subject.shapes.get(step.type)
        if shape is not None and not shape.undocumented:
            yield from _arguments(step, shape, Visit(subject.known, step.name))


def _arguments(step: Step, shape: StepShape, visit: Visit) -> Iterator[Finding]:
    pointer = pointers.child(step.pointer, "Arguments")
    if shape.free_arguments:
        return
    known = (
        frozenset(request_shape(shape.create_operation).members)
        if shape.create_operation
        else shape.arguments
    )
    for name in step.arguments:
        if name in shape.refused_arguments or (not shape.create_operation and name not in known):
            yield unknown_member(name, known - shape.refused_arguments, pointer, visit)
    for name in sorted(shape.required_arguments - step.arguments.keys()):
        yield visit.error("ST021", f"{FAILED}Missing required member '{name}'", pointer, f'add "{name}"')
    if shape.create_operation is not None:
        yield from _request(step, shape, shape.create_operation, visit)


def _request(step: Step, shape: StepShape, operation: str, visit: Visit) -> Iterator[Finding]:
    members = {name: value for name, value in step.arguments.items() if name not in shape.refused_arguments}
    if shape.job_name_member is not None:
        members[shape.job_name_member] = _GENERATED_NAME
    yield from violations(members, request_shape(operation), pointers.child(step.pointer, "Arguments"), visit)


# The service makes the job's name; Arguments have none, or a prefix for it.
_GENERATED_NAME = "pipelines"
