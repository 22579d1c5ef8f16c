"""A message of a Callback step that somebody is to answer; knows nothing of who does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TOKEN_LENGTH = 10
"""Letters and digits of a token, as the service makes them."""

LONGEST_REASON = 256
"""Characters of a failure's reason, of `FailureReason` in the service's model."""


@dataclass(frozen=True)
class Answer:
    """What somebody said: outputs by name, or why it failed."""

    outputs: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    failure_reason: str | None = None


@dataclass(frozen=True)
class Callback:
    """One message and, once there is one, its answer; `declared` are the step's OutputParameters."""

    token: str
    execution_id: str
    execution_arn: str
    step_name: str
    queue_url: str
    arguments: Mapping[str, Any]
    declared: tuple[Mapping[str, str], ...]
    sent_at: datetime
    answer: Answer | None = None

    def message(self, status: str = "Executing") -> dict[str, Any]:
        """The body of the message as the service puts it into the queue."""
        return {
            "token": self.token,
            "pipelineExecutionArn": self.execution_arn,
            "arguments": dict(self.arguments),
            "status": status,
        }
