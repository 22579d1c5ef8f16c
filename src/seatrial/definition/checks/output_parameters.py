"""Lambda and Callback steps: what stands beside their Arguments, and the outputs that they declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.checks.named_items import objects, used_twice
from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.expressions import expression_of
from seatrial.definition.model import Json, Step
from seatrial.definition.output_parameters import KEY, KINDS
from seatrial.definition.report import suggestion
from seatrial.ports.findings import Finding

# The step-level key that says who is asked.
_ASKED = {"Lambda": "FunctionArn", "Callback": "SqsQueueUrl"}
_MOST, _LONGEST = 50, 256


def check_output_parameters(subject: Subject) -> Iterator[Finding]:
    """Somebody is asked, and every output has a name of its own and a type."""
    for step in subject.definition.all_steps():
        if step.type in _ASKED:
            yield from _asked(step, _ASKED[step.type])
            yield from _outputs(step)


def _asked(step: Step, key: str) -> Iterator[Finding]:
    value = step.raw.get(key)
    where = pointers.child(step.pointer, key)
    if value is None:
        yield error("ST021", f"step {step.name!r} has no {key}", step.pointer, f'add "{key}"', step=step)
    elif not isinstance(value, str) and expression_of(value) is None:
        yield error("ST022", f"{key} must be text", where, "write it as text, or as an expression", step=step)


def _outputs(step: Step) -> Iterator[Finding]:
    listed: Json = step.raw.get(KEY, [])
    place = pointers.child(step.pointer, KEY)
    if not isinstance(listed, list):
        yield error("ST022", f"{KEY} must be a list", place, "write a list", step=step)
        return
    if len(listed) > _MOST:
        message = f"step {step.name!r} declares {len(listed)} outputs; the service takes {_MOST}"
        yield error("ST025", message, place, "declare fewer", step=step)
    for index, each in enumerate(listed):
        if not isinstance(each, Mapping):
            where = pointers.child(place, index)
            yield error("ST022", "an output must be an object", where, "write an object", step=step)
    for where, item in objects(listed, place):
        name, kind = item.get("OutputName"), item.get("OutputType", "String")
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST:
            message = f"an output of step {step.name!r} has no name of 1 to {_LONGEST} characters"
            yield error("ST021", message, where, 'add "OutputName"', step=step)
        if not isinstance(kind, str) or kind not in KINDS:
            message = f"output {name!r} has the unknown type {kind!r}"
            yield error(
                "ST023", message, pointers.child(where, "OutputType"), suggestion(str(kind), KINDS), step=step
            )
    for where, message, hint in used_twice(listed, "OutputName", place):
        yield error("ST006", message, where, hint, step=step)
