"""AWS's service model as the type system of requests and responses; the only module that knows botocore."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.definition.model import Json
from seatrial.ports.findings import Finding


def validate_request(operation: str, parameters: Mapping[str, Json], *, pointer: str = "") -> list[Finding]:
    """What the service would refuse in this resolved Create* request."""
    return []
