"""Policies to test with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from seatrial.dataflow.permissions import PolicyText, Projection, project, read_policies
from seatrial.dataflow.permissions.variables import Caller

CALLER = Caller("123456789012", "us-east-1")


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """An Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A Deny."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policy(*statements: Mapping[str, Any]) -> PolicyText:
    """A document of them."""
    return PolicyText("role.json", json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def projected(*statements: Mapping[str, Any]) -> Projection:
    """Their projection."""
    return project(read_policies((policy(*statements),)), CALLER)
