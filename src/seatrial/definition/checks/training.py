"""Training jobs: rules of the service that its model does not state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.checks.named_items import objects, used_twice
from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.model import Json, Step
from seatrial.ports.findings import Finding

_STREAMING = ("Pipe", "FastFile")


def check_training(subject: Subject) -> Iterator[Finding]:
    """Channels have names of their own, and stream in one way."""
    for step in subject.definition.all_steps():
        if step.type == "Training":
            pointer = pointers.child(step.pointer, "Arguments", "InputDataConfig")
            channels = step.arguments.get("InputDataConfig")
            for where, message, hint in used_twice(channels, "ChannelName", pointer):
                yield error("ST029", message, where, hint, step=step)
            yield from _modes(step, channels, pointer, subject)


def _modes(step: Step, channels: Json, pointer: str, subject: Subject) -> Iterator[Finding]:
    algorithm = step.arguments.get("AlgorithmSpecification")
    default = algorithm.get("TrainingInputMode") if isinstance(algorithm, Mapping) else None
    modes = [subject.known(item.get("InputMode") or default) for _, item in objects(channels, pointer)]
    if all(mode in modes for mode in _STREAMING):
        message = "Cannot use both 'Pipe' and 'FastFile' TrainingInputMode on the same Training Job."
        yield error("ST029", message, pointer, "use one of them for all channels", step=step)
