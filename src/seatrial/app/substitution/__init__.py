"""Which steps of a trial something else does the work of, and whether it can."""

from __future__ import annotations

from seatrial.app.substitution.fitting import Around, misfits
from seatrial.app.substitution.needs import helpless_types, inputs_left, steps_at_work, without_substitute
from seatrial.app.substitution.resolving import Substitutes, chosen_substitutes, with_replay
from seatrial.app.substitution.shapes import shapes_with

__all__ = [
    "Around",
    "Substitutes",
    "chosen_substitutes",
    "helpless_types",
    "inputs_left",
    "misfits",
    "shapes_with",
    "steps_at_work",
    "with_replay",
    "without_substitute",
]
