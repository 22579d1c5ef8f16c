"""What seatrial reads of a shape of AWS's service model; knows nothing of where shapes come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Shape(Protocol):
    """One shape; which of the members below `metadata` exist depends on `type_name`."""

    name: str
    type_name: str
    metadata: Mapping[str, Any]
    enum: Sequence[str]
    members: Mapping[str, Shape]
    required_members: Sequence[str]
    is_tagged_union: bool
    member: Shape
    key: Shape
    value: Shape
