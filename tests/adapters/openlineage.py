"""Holds an event against the classes that the OpenLineage project makes of its own JSON schemas.

The schemas themselves are in no package; `openlineage-python` carries what is generated from them: every
member with its type, which are required, and the address of the schema in its current version. Members
that the classes do not know are refused here, although a schema would let them through.
"""

from __future__ import annotations

import importlib
import pkgutil
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Union

import attr
from openlineage.client import generated
from openlineage.client.generated.base import BaseFacet, RunEvent


def hold(event: Mapping[str, Any]) -> None:
    """Fails with the place that does not fit."""
    assert event["schemaURL"] == RunEvent._get_schema()
    _hold({name: value for name, value in event.items() if name != "schemaURL"}, RunEvent, "event")


def _hold(value: Any, kind: Any, where: str) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        (kind,) = [each for each in inner if each is not type(None)]
        return _hold(value, kind, where)
    if origin is list:
        assert isinstance(value, list), where
        return [_hold(item, inner[0], f"{where}[{index}]") for index, item in enumerate(value)]
    if origin is dict:
        return {name: _hold_facet(facet, inner[1], f"{where}.{name}") for name, facet in value.items()}
    if attr.has(kind):
        return _hold_object(value, kind, where)
    if issubclass(kind, Enum):
        return kind(value)
    assert type(value) is kind, f"{where} is {value!r}"
    return value


def _hold_facet(value: Mapping[str, Any], kind: Any, where: str) -> Any:
    made = _facets()[value["_schemaURL"]]
    assert issubclass(made, kind), where
    return _hold_object({name: each for name, each in value.items() if name != "_schemaURL"}, made, where)


def _hold_object(value: Mapping[str, Any], kind: Any, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    members = {member.name: member for member in attr.fields(kind)}
    assert not value.keys() - members.keys(), f"{where} has {sorted(value.keys() - members.keys())}"
    missing = {name for name, member in members.items() if member.init and member.default is attr.NOTHING}
    assert not missing - value.keys(), f"{where} lacks {sorted(missing - value.keys())}"
    given = {name: _hold(each, hints[name], f"{where}.{name}") for name, each in value.items()}
    # Built, so that the class checks what has a form of its own: ids, times, addresses.
    return kind(**{name.lstrip("_"): each for name, each in given.items()})


@cache
def _facets() -> Mapping[str, Any]:
    names = (f"{generated.__name__}.{module.name}" for module in pkgutil.iter_modules(generated.__path__))
    kinds = (kind for name in names for kind in vars(importlib.import_module(name)).values())
    return {
        kind._get_schema(): kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseFacet)
    }
