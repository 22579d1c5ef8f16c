"""Faults of the flow itself: declared against written and read."""

from __future__ import annotations

from seatrial.definition import PipelineDefinition
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.planted.case import Planted, written_by


def _validation(folder: str) -> PipelineDefinition:
    """Preprocess declares `validation`, and a step reads it."""
    return pipeline(
        processing(
            "Preprocess",
            image="python",
            script=written_by({"train/a.csv": "1,2\n", f"{folder}/b.csv": "3,4\n"}),
            outputs={"train": join(PREFIX, "train"), "validation": join(PREFIX, "validation")},
        ),
    )


CASES = (
    Planted(
        code="ST101",
        name="declared-not-written",
        fault="Preprocess declares `validation` and writes to a folder beside it.",
        faulty=lambda: _validation("val"),
        sound=lambda: _validation("validation"),
        also=frozenset({"ST112"}),
    ),
)
