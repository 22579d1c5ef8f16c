"""How much is sent at once, settled between the request, the container and the service's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.serving.payloads import MULTI, SINGLE

MEGABYTE = 1 << 20
# What a container calls them, and its environment.
IN_CAPITALS = {SINGLE: "SINGLE_RECORD", MULTI: "MULTI_RECORD"}
_OF_CONTAINERS = {name: strategy for strategy, name in IN_CAPITALS.items()} | {SINGLE: SINGLE, MULTI: MULTI}


@dataclass(frozen=True)
class Limits:
    """`max_payload_mb` of 0 is a payload of any size, sent in chunks."""

    max_concurrent: int = 1
    max_payload_mb: int = 6
    strategy: str = MULTI

    @property
    def payload_bytes(self) -> int | None:
        """The largest payload; None for any size."""
        return self.max_payload_mb * MEGABYTE or None

    @property
    def text(self) -> str:
        """As the service's own log has it."""
        return (
            f"MaxConcurrentTransforms={self.max_concurrent}, MaxPayloadInMB={self.max_payload_mb}, "
            f"BatchStrategy={IN_CAPITALS[self.strategy]}"
        )


def settle(request: Mapping[str, Any], answered: Mapping[str, Any]) -> Limits:
    """The request's own values, else the container's answer to `/execution-parameters`, else the defaults."""
    return Limits(
        max_concurrent=_number(request, answered, "MaxConcurrentTransforms", Limits.max_concurrent) or 1,
        max_payload_mb=_number(request, answered, "MaxPayloadInMB", Limits.max_payload_mb),
        strategy=_OF_CONTAINERS.get(
            str(request.get("BatchStrategy") or answered.get("BatchStrategy")), Limits.strategy
        ),
    )


def _number(request: Mapping[str, Any], answered: Mapping[str, Any], name: str, default: int) -> int:
    value = request.get(name)
    if value is None:
        value = answered.get(name)
    try:
        return max(0, int(value)) if value is not None else default
    except (TypeError, ValueError):  # whatever a container answers
        return default
