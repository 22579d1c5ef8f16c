"""Training jobs: rules of the service that its model does not state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.checks.named_items import used_twice
from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.input_modes import channel_faults
from seatrial.definition.model import Json, Step
from seatrial.definition.tuning_jobs import training_definitions
from seatrial.ports.findings import Finding


def check_training(subject: Subject) -> Iterator[Finding]:
    """Channels have names of their own, and modes that can be."""
    for step in subject.definition.all_steps():
        if step.type == "Training":
            yield from _channels(step, step.arguments, (), subject)
        elif step.type == "Tuning":
            for job in training_definitions(step.arguments):
                yield from _channels(step, job.members, job.keys, subject)


def _channels(
    step: Step, request: Mapping[str, Json], keys: tuple[str | int, ...], subject: Subject
) -> Iterator[Finding]:
    pointer = pointers.child(step.pointer, "Arguments", *keys, "InputDataConfig")
    for where, message, hint in used_twice(request.get("InputDataConfig"), "ChannelName", pointer):
        yield error("ST029", message, where, hint, step=step)
    yield from _modes(step, request, keys, subject)


def _modes(
    step: Step, request: Mapping[str, Json], keys: tuple[str | int, ...], subject: Subject
) -> Iterator[Finding]:
    for fault in channel_faults(request, subject.known):
        where = pointers.child(step.pointer, "Arguments", *keys, *fault.where)
        yield error("ST029", fault.message, where, fault.hint, step=step)
