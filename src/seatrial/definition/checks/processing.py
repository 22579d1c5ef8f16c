"""Processing jobs: rules of the service that its model does not state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.definition import pointers
from seatrial.definition.checks.named_items import objects, used_twice
from seatrial.definition.checks.subject import Subject, error
from seatrial.definition.expressions import expression_of
from seatrial.definition.input_modes import processing_input_faults
from seatrial.definition.model import Json, Step
from seatrial.definition.requests.rules import Unresolved
from seatrial.ports.findings import Finding

ROOT = "/opt/ml/processing"
Faults = Iterator[tuple[str, str, str]]


def check_processing(subject: Subject) -> Iterator[Finding]:
    """Inputs and outputs lie under /opt/ml/processing, each with a name of its own."""
    for step in subject.definition.all_steps():
        shape = subject.shapes.get(step.type)
        if shape is not None and shape.create_operation == "CreateProcessingJob":
            for where, message, hint in _faults(step, subject):
                yield error("ST027", message, where, hint, step=step)


def _faults(step: Step, subject: Subject) -> Faults:
    arguments = pointers.child(step.pointer, "Arguments")
    inputs = pointers.child(arguments, "ProcessingInputs")
    yield from used_twice(step.arguments.get("ProcessingInputs"), "InputName", inputs)
    for where, item in objects(step.arguments.get("ProcessingInputs"), inputs):
        yield from _input(item, where, subject)
    config = step.arguments.get("ProcessingOutputConfig")
    listing = config.get("Outputs") if isinstance(config, Mapping) else None
    outputs = pointers.child(arguments, "ProcessingOutputConfig", "Outputs")
    yield from used_twice(listing, "OutputName", outputs)
    for where, item in objects(listing, outputs):
        yield from _local_path(item, "S3Output", where, subject)


def _input(item: Mapping[str, Json], where: str, subject: Subject) -> Faults:
    if item.get("S3Input") is None and item.get("DatasetDefinition") is None:
        yield where, f"input {item.get('InputName')!r} has no source", 'add "S3Input"'
    transfer = item.get("S3Input")
    for fault in processing_input_faults(transfer, subject.known) if isinstance(transfer, Mapping) else ():
        yield pointers.child(where, "S3Input", *fault.where), fault.message, fault.hint
    yield from _local_path(item, "S3Input", where, subject)


def _local_path(item: Mapping[str, Json], member: str, where: str, subject: Subject) -> Faults:
    transfer = item.get(member)
    if (
        not isinstance(transfer, Mapping)
        or expression_of(transfer) is not None
        or item.get("AppManaged") is True
    ):
        return
    path = subject.known(transfer.get("LocalPath"))
    name = item.get("OutputName") or item.get("InputName")
    place = pointers.child(where, member, "LocalPath")
    if path is None:
        message = f"{name!r} has no LocalPath, which only AppManaged ones may leave out"
        yield pointers.child(where, member), message, f'add "LocalPath": "{ROOT}/…"'
    elif not isinstance(path, Unresolved) and not _beneath_root(path):
        yield place, f"LocalPath {path!r} of {name!r} is not under {ROOT}/", f'write "{ROOT}/…"'


def _beneath_root(path: Json) -> bool:
    if not isinstance(path, str):
        return True  # its type is reported elsewhere
    return path.startswith(f"{ROOT}/") and ".." not in path.split("/")
