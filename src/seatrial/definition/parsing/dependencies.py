"""Reads `DependsOn`: names of steps, or `{"Step": …, "Trigger": …}` for another end than success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from seatrial.definition.model import Dependency, Json, Trigger
from seatrial.definition.parsing.reader import Reader
from seatrial.definition.paths import describe_kind
from seatrial.definition.report import listed

_TRIGGERS: Mapping[str, Trigger] = {trigger: trigger for trigger in get_args(Trigger)}


def read_dependencies(reader: Reader) -> tuple[Dependency, ...]:
    """The entries in order; what cannot be read is reported and left out."""
    found = (_read(item, place, reader) for item, place in reader.members("DependsOn"))
    return tuple(dependency for dependency in found if dependency is not None)


def _read(item: Json, place: str, reader: Reader) -> Dependency | None:
    if isinstance(item, str):
        return Dependency(item)
    if not isinstance(item, Mapping):
        message = f"DependsOn holds {describe_kind(item)} where a string is expected"
        reader.report.error("ST002", message, place, "write a string", step=reader.step)
        return None
    entry = Reader(item, place, reader.report, step=reader.step)
    entry.refuse_unknown(frozenset({"Step", "Trigger"}))
    name, written = entry.text("Step", required=True), entry.text("Trigger", required=True)
    if name is None or written is None:
        return None
    if written not in _TRIGGERS:
        message = f"there is no trigger {written!r} of a dependency"
        entry.error("ST002", message, "Trigger", f"write one of: {listed(_TRIGGERS)}")
        return None
    return Dependency(name, _TRIGGERS[written])
