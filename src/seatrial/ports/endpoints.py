"""What an endpoint is made of: its configuration, and the models that it serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EndpointPlan:
    """The DescribeEndpointConfig response, and the DescribeModel response of each variant by its name."""

    config: Mapping[str, Any]
    models: Mapping[str, Mapping[str, Any]]
