"""Faults of what a step does with the files of its inputs."""

from __future__ import annotations

from seatrial.definition import PipelineDefinition
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.integration.runners.whoever import MAY_MOUNT
from tests.planted.case import Planted


def _joined(*opened: str) -> PipelineDefinition:
    """Join declares two inputs, and opens these."""
    script = (
        "from pathlib import Path as P;d=P('/opt/ml/processing');"
        f"t=[p.read_text()for n in {list(opened)}for p in (d/'input'/n).iterdir()];"
        "(d/'out'/'all.csv').write_text(''.join(t))"
    )
    inputs = {"orders": "s3://planted-data/orders/", "customers": "s3://planted-data/customers/"}
    return pipeline(processing("Join", inputs, {"out": join(PREFIX, "out")}, image="python", script=script))


CASES = (
    Planted(
        code="ST124",
        name="never-opened",
        fault="Join declares the inputs `orders` and `customers`, and its script opens `orders` alone.",
        faulty=lambda: _joined("orders"),
        sound=lambda: _joined("orders", "customers"),
        seen_here=MAY_MOUNT,
        objects={
            "s3://planted-data/orders/a.csv": b"1,2\n",
            "s3://planted-data/customers/a.csv": b"3,4\n",
            "s3://planted-data/customers/b.csv": b"5,6\n",
        },
    ),
)
