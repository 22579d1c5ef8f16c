"""Outputs that a step declares by name and type beside its Arguments; knows nobody who gives them."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.definition.model import Step

KEY = "OutputParameters"
KINDS: Mapping[str, str] = {"String": "string", "Integer": "integer", "Float": "float", "Boolean": "boolean"}
"""`OutputType` to the kind of value that it makes."""


def declared_outputs(step: Step) -> dict[str, str]:
    """Name to `OutputType`; what is not written as one is left out."""
    listed = step.raw.get(KEY)
    items = [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    return {
        str(item["OutputName"]): str(item.get("OutputType") or "String")
        for item in items
        if isinstance(item.get("OutputName"), str)
    }
