"""How an execution ended that was not stopped, told from its steps; ends nothing."""

from __future__ import annotations

from collections.abc import Iterable

from seatrial.definition import Graph
from seatrial.ports.executions import ExecutionStatus, StepRecord, StepStatus

FAILURE_REASON = "Step failure: One or multiple steps failed."


def outcome_of(steps: Iterable[StepRecord], graph: Graph) -> tuple[ExecutionStatus, str | None]:
    """Status and FailureReason; `steps` are all that ever started. What a step waited for fails nothing."""
    status = {step.name: step.status for step in steps}
    failed = [name for name in status if status[name] is StepStatus.FAILED]
    if not failed:
        return ExecutionStatus.SUCCEEDED, None
    if all(graph.handlers(name) & status.keys() for name in failed):
        return ExecutionStatus.COMPLETED_WITH_FAILURES, None
    return ExecutionStatus.FAILED, FAILURE_REASON
