"""Steps whose work something else does: how they are prepared, and how they end."""

from __future__ import annotations

from seatrial.execution.substitution.describing import decided, metadata_of
from seatrial.execution.substitution.placeholders import filled_in
from seatrial.execution.substitution.step import WITH_OUTPUTS, SubstitutedStep, step_type_for

__all__ = ["WITH_OUTPUTS", "SubstitutedStep", "decided", "filled_in", "metadata_of", "step_type_for"]
