"""The lines of seatrial.toml that would substitute a step: what other steps read of it, to be filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from seatrial.dataflow import plan_of
from seatrial.definition import PipelineDefinition, PropertyPath, Step
from seatrial.definition.paths import KEY_FIELDS
from seatrial.engines.substitutes.giving import leaves
from seatrial.execution import STEP_TYPES
from seatrial.execution.substitution import WITH_OUTPUTS, decided
from seatrial.outputs import declared_outputs

_BARE = re.compile(r"[A-Za-z0-9_-]+")
TO_FILL_IN = "…"
_FOLDER = "a folder or file"


def suggested(step: Step, definition: PipelineDefinition) -> str:
    """A table for the step: the outputs or properties that others read, else all outputs it declares."""
    outputs, paths = read_of(step, definition)
    lines = [f"[substitutes.{json.dumps(step.name)}]"]
    if has_outputs(step):
        names = outputs or [output.name for output in declared_outputs(step) if not output.lasting]
        lines.append(f"outputs = {toml_of(dict.fromkeys(names, _FOLDER))}")
    if paths or not has_outputs(step):
        lines.append(f"properties = {toml_of(skeleton(paths))}")
    return "\n".join(lines)


def has_outputs(step: Step) -> bool:
    """Whether the step's outputs have names of their own."""
    return step.type in WITH_OUTPUTS


ONLY_THE_JOB_KNOWS = frozenset({"FinalMetricDataList", "ExitMessage"})
"""Properties of jobs with named outputs that neither the request nor the outputs decide."""


def read_of(step: Step, definition: PipelineDefinition) -> tuple[list[str], list[PropertyPath]]:
    """The outputs and the other properties of the step that others read and that a substitute must give.

    A substitute never fails, so that what only runs then reads nothing.
    """
    plan = plan_of(definition)
    outputs: dict[str, None] = {}
    paths: dict[PropertyPath, None] = {}
    for edge in plan.graph.read_of(step.name):
        if plan.graph.trigger(step.name, edge.downstream) in ("Failed", "Stopped"):
            continue
        text = edge.property_path or ""
        found = plan.referred(step.name, text) if has_outputs(step) else None
        if found is not None:
            outputs[found[1]] = None
        elif not text.startswith("PropertyFiles.") and _must_be_given(path := PropertyPath.parse(text), step):
            paths[path] = None
    return list(outputs), list(paths)


def _must_be_given(path: PropertyPath, step: Step) -> bool:
    if has_outputs(step):
        return path.segments[0] in ONLY_THE_JOB_KNOWS
    step_type = STEP_TYPES.get(step.type)
    return step_type is None or path.segments[0] not in decided(step_type.shape, step.arguments)


def skeleton(paths: Iterable[PropertyPath]) -> dict[str, Any]:
    """A document in which every path leads to a text that is to be filled in."""
    document: dict[str, Any] = {}
    for path in paths:
        _grow(document, path.segments, "")
    return document


def _grow(holder: Any, segments: tuple[str | int, ...], parent: str) -> None:
    """Make the way of the segments within the holder, a text at its end if nothing is there."""
    first, rest = segments[0], segments[1:]
    place: Any = _place(holder, first, parent) if isinstance(holder, list) else str(first)
    there = holder[place] if isinstance(holder, list) else holder.get(place)
    if not rest:
        holder[place] = there or TO_FILL_IN
        return
    is_list = isinstance(rest[0], int) or str(first) in KEY_FIELDS
    if not there or not isinstance(there, dict | list):
        there = holder[place] = [] if is_list else {}
    _grow(there, rest, str(first))


def left_blank(properties: Mapping[str, Any]) -> list[PropertyPath]:
    """Where the text still stands that is to be filled in."""
    return [PropertyPath(trail) for trail, text in leaves(properties) if text == TO_FILL_IN]


_MOST_ITEMS = 20


def _place(items: list[Any], segment: str | int, parent: str) -> int:
    """Where the item is that a path means, made if need be."""
    if isinstance(segment, int):
        place = min(max(segment, 0), _MOST_ITEMS)
        items += [{} for _ in range(place + 1 - len(items))]
        return place
    field = KEY_FIELDS.get(parent, "Name")
    named = [item.get(field) if isinstance(item, dict) else None for item in items]
    if segment not in named:
        items.append({field: segment})
        return len(items) - 1
    return named.index(segment)


def toml_of(value: Any) -> str:
    """A value on one line of TOML."""
    if isinstance(value, Mapping):
        members = ", ".join(f"{toml_key(name)} = {toml_of(member)}" for name, member in value.items())
        return f"{{ {members} }}" if members else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_of, value))}]"
    return json.dumps(value, ensure_ascii=False)


def toml_key(name: str) -> str:
    """A name as it stands before `=`."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
