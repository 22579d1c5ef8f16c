"""Condition steps: they choose a branch, and the steps of the other one never appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.definition.conditions import evaluate_conditions
from seatrial.definition.model import Step, StepShape
from seatrial.execution.steps.step_type import Done, WithoutJob

if TYPE_CHECKING:
    from seatrial.execution.context import StepContext


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
