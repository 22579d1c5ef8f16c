"""How far each step of a definition came, those without a record included; draws nothing."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from seatrial.ports.executions import ExecutionRecord


class StepState(str, Enum):
    """AWS's own words, and three of ours for steps that AWS does not list."""

    STARTING = "Starting"
    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"
    NOT_STARTED = "Not started"
    NOT_TAKEN = "Not taken"
    NOT_SELECTED = "Not selected"

    @property
    def css(self) -> str:
        """The name of its class in a style sheet."""
        return self.name.lower().replace("_", "-")


def state_of(name: str, record: ExecutionRecord, not_started: Collection[str]) -> StepState:
    """The state of the step of that name; `not_started` are those that would have run.

    Any other stands in the branch that was not taken, or waits for a failure that did not come.
    """
    step = record.step(name)
    if step is not None:
        return StepState(step.status.value)
    if not record.selects(name):
        return StepState.NOT_SELECTED
    return StepState.NOT_STARTED if name in not_started else StepState.NOT_TAKEN
