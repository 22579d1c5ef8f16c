"""Output locations with two slashes in a row: fine in S3, impossible in MinIO."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Plan
from seatrial.ports.findings import Finding


def empty_names(plan: Plan) -> Iterator[Finding]:
    """One finding for each output whose location has a folder without a name."""
    for output, place in plan.places:
        if "//" in place.removeprefix("s3://"):
            yield finding(
                "ST114",
                f"the location of {output.step}.{output.name} has two slashes in a row",
                where=output.pointer,
                step=output.step,
                expected="one slash between two names",
                observed=place,
            )
