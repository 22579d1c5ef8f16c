"""Which steps cannot do their work here, and what to write so that something else does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from seatrial.app.substitution.suggesting import suggested, toml_key
from seatrial.dataflow import ExternalInput
from seatrial.dataflow.codes import finding
from seatrial.definition import PipelineDefinition, Step
from seatrial.execution import STEP_TYPES
from seatrial.execution.steps.by_substitute import BySubstitute
from seatrial.ports.findings import Finding
from seatrial.ports.substitutes import Substitute


def steps_at_work(steps: Iterable[Step], substitutes: Mapping[str, Substitute]) -> list[Step]:
    """The steps that do something themselves, be it with another script, image or input."""
    return [step for step in steps if not _given(step, substitutes)]


def helpless_types(definition: PipelineDefinition, substitutes: Mapping[str, Substitute]) -> Iterator[str]:
    """The steps whose type does not run here and that have no substitute."""
    return (
        step.name
        for step in definition.all_steps()
        if step.name not in substitutes and isinstance(STEP_TYPES.get(step.type), BySubstitute | None)
    )


def without_substitute(
    definition: PipelineDefinition, steps: Iterable[Step], substitutes: Mapping[str, Substitute]
) -> Iterator[Finding]:
    """One error for each step that runs by substitute only and has none."""
    for step in steps:
        if isinstance(STEP_TYPES.get(step.type), BySubstitute) and not _given(step, substitutes):
            yield finding(
                "ST233",
                f"step {step.name!r}: {step.type} steps run here by a substitute only",
                where=f"{step.pointer}/Type",
                hint=f"write into seatrial.toml, or use --replay-from EXECUTION:\n"
                f"{suggested(step, definition)}",
                step=step.name,
            )


def given_inputs(step: Step, substitute: Substitute | None) -> frozenset[str]:
    """Pointers within the step's Arguments to the inputs for which there is local data."""
    if substitute is None or not substitute.inputs:
        return frozenset()
    return frozenset(
        f"/{group}/{index}"
        for group, field in _INPUTS.items()
        for index, item in enumerate(_list(step.arguments.get(group)))
        if isinstance(item, Mapping) and str(item.get(field)) in substitute.inputs
    )


def lies_within(pointer: str, places: Iterable[str]) -> bool:
    """Whether the pointer is one of the places or leads into one."""
    return any(pointer == place or pointer.startswith(f"{place}/") for place in places)


def inputs_left(
    inputs: Iterable[ExternalInput], steps: Iterable[Step], substitutes: Mapping[str, Substitute]
) -> Iterator[ExternalInput]:
    """The external inputs that the steps read, without those for which there is local data."""
    places = {
        step.name: [
            f"{step.pointer}/Arguments{place}" for place in given_inputs(step, substitutes.get(step.name))
        ]
        for step in steps
    }
    given = [place for each in places.values() for place in each]
    for found in inputs:
        pointers = tuple(pointer for pointer in found.pointers if not lies_within(pointer, given))
        readers = tuple(name for name in found.readers if name in places)
        if pointers and readers:
            yield replace(found, pointers=pointers, readers=readers)


def way_out(step: Step, pointer: str) -> str:
    """How a substitute lifts what is refused there."""
    table = f"[substitutes.{json.dumps(step.name)}]"
    parts = pointer.split("/")
    field = _INPUTS.get(parts[1]) if len(parts) > 2 else None
    if field is not None and parts[2].isdigit():
        item = _list(step.arguments.get(parts[1]))[int(parts[2])]
        name = item.get(field) if isinstance(item, Mapping) else None
        if isinstance(name, str):
            return (
                f"change the step, or give the input in seatrial.toml: {table} "
                f'inputs = {{ {toml_key(name)} = "a folder or file" }} (docs/substitutes.md)'
            )
    return f"change the step, or give its outcome in seatrial.toml under {table} (docs/substitutes.md)"


_INPUTS = {"ProcessingInputs": "InputName", "InputDataConfig": "ChannelName"}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _given(step: Step, substitutes: Mapping[str, Substitute]) -> bool:
    substitute = substitutes.get(step.name)
    return substitute is not None and substitute.gives
