"""What of a transform this engine accepts and does otherwise: one table, pointer to reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches


def _instances(value: object) -> str | None:
    """More than one instance: one container answers for all, with the same outputs."""
    several = isinstance(value, int) and value > 1
    return f"{value} instances; one container answers for all, with the same outputs" if several else None


WITHOUT_EFFECT: dict[str, Reason] = {
    "/TransformResources/InstanceCount": _instances,
    "/TransformResources/TransformAmiVersion": given("there is no machine image to choose"),
}


def list_without_effect(parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for each; a member that is set to an expression is set."""
    return list_matches(WITHOUT_EFFECT, parameters, expressions=True)
