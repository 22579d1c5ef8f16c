"""The steps of an execution as ListPipelineExecutionSteps lists them; AWS's own shape and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.definition import PipelineDefinition, Step
from seatrial.ports.executions import ExecutionRecord, StepRecord


def listed_steps(record: ExecutionRecord, definition: PipelineDefinition) -> tuple[dict[str, Any], ...]:
    """Every step that started, the newest first; members that have no value are absent."""
    newest_first = reversed(record.steps)
    return tuple(_listed(step, definition.step(step.name)) for step in newest_first)


def _listed(step: StepRecord, declared: Step | None) -> dict[str, Any]:
    optional: Mapping[str, Any] = {
        "StepDisplayName": declared.display_name if declared else None,
        "StepDescription": declared.description if declared else None,
        "StartTime": step.started_at.isoformat() if step.started_at else None,
        "EndTime": step.ended_at.isoformat() if step.ended_at else None,
        "FailureReason": step.failure_reason,
    }
    return {
        "StepName": step.name,
        **{member: value for member, value in optional.items() if value},
        "StepStatus": step.status.value,
        "AttemptCount": step.attempts,
        "Metadata": dict(step.metadata),
        **(
            {step.reuse.kind.value: {"SourcePipelineExecutionArn": step.reuse.source_arn}}
            if step.reuse
            else {}
        ),
    }
