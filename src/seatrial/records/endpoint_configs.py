"""Endpoint configurations: what CreateEndpointConfig leaves behind, described as AWS would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from seatrial.errors import RecordError
from seatrial.ports.clock import Clock
from seatrial.ports.executions import EventKind
from seatrial.records import events
from seatrial.records.database import Database
from seatrial.records.model_registry import Origin


class EndpointConfigs:
    """One of a name: the service refuses a second, and here it takes the place of the first."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, parameters: Mapping[str, Any], *, arn: str, origin: Origin) -> Mapping[str, Any]:
        """Keep the configuration; its DescribeEndpointConfig response."""
        described = {
            **{name: value for name, value in parameters.items() if name != "Tags"},
            "EndpointConfigArn": arn,
            "CreationTime": self._clock.now().isoformat(),
        }
        kind = EventKind.ENDPOINT_CONFIG_CREATED.value
        events.append(
            self._database,
            origin.execution_id,
            self._clock.now(),
            kind,
            origin.step_name,
            {"described": described},
        )
        return described

    def describe(self, name: str) -> Mapping[str, Any]:
        """The DescribeEndpointConfig response; an unknown name is an error that lists those there are."""
        row = self._database.row(
            "SELECT described FROM endpoint_configs WHERE name = ? OR arn = ?", (name, name)
        )
        if row is None:
            there = [row["name"] for row in self._database.rows("SELECT name FROM endpoint_configs")]
            raise RecordError(
                f"there is no endpoint configuration {name!r}",
                slug="unknown-endpoint-configuration",
                where=name,
                hint=f"there is: {', '.join(there[:10]) or 'none yet'}",
            )
        described: Mapping[str, Any] = json.loads(row["described"])
        return described
