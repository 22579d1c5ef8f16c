"""Condition steps: they choose a branch, and the steps of the other one never appear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from seatrial.definition import Step, StepShape, evaluate_conditions
from seatrial.definition.model import Branch
from seatrial.execution.steps.step_type import Done, WithoutJob
from seatrial.ports.executions import StepRecord

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext

_BRANCHES: Mapping[str | None, Branch] = {"True": "IfSteps", "False": "ElseSteps"}


class ConditionStep(WithoutJob):
    """Decides at once, without a job."""

    shape = StepShape(
        type="Condition",
        arguments=frozenset({"Conditions", "IfSteps", "ElseSteps"}),
        extra_properties=frozenset({"Outcome"}),
    )

    def prepare(self, step: Step, context: StepContext) -> Done:
        """The outcome: a word in the step's metadata, a boolean where the definition refers to it."""
        outcome = evaluate_conditions(step.arguments.get("Conditions", ()), context.scope)
        return Done(
            properties={"Outcome": outcome},
            metadata={"Condition": {"Outcome": "True" if outcome else "False"}},
        )


def branch_taken(record: StepRecord) -> Branch | None:
    """The branch that a decided Condition took, None for a step of any other type."""
    outcome = record.metadata.get("Condition", {}).get("Outcome")
    return _BRANCHES.get(outcome)
