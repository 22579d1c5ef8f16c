"""Executions to compare, as their registries have them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from seatrial.outputs import Origin, S3OutputInfo, S3OutputPathRegistry, Side
from seatrial.ports.jobs import ArchiveMember

BEGUN = datetime(2026, 3, 1, tzinfo=timezone.utc)
Objects = Mapping[str, str]
"""Relative key to ETag; all objects are four bytes."""


def a_side(
    execution_id: str = "aaaaaaaaaaaa",
    outputs: Mapping[tuple[str, str], Objects] | None = None,
    *,
    members: Mapping[tuple[str, str], tuple[ArchiveMember, ...]] | None = None,
    statuses: Mapping[str, str] | None = None,
    engine: str = "native",
    taken: Mapping[str, str] | None = None,
    failures: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
) -> Side:
    """An execution whose jobs and prefix bear its id; the steps `taken` bear that of another one."""
    written = outputs or {}
    steps = {step: "Succeeded" for step, _ in written}
    sources = taken or {}
    root = f"s3://seatrial/P/{execution_id}"
    registry = S3OutputPathRegistry()
    for (step, output), objects in written.items():
        place = f"s3://seatrial/P/{sources.get(step, execution_id)}/{step}/{output}"
        registry.register_step_output(
            step, output, _info(step, output, place, objects, (members or {}).get((step, output), ()))
        )
    return Side(
        execution_id=execution_id,
        pipeline_name="P",
        engines=(engine,),
        status="Succeeded",
        prefix=root,
        statuses={**steps, **(statuses or {})},
        jobs={step: f"pipelines-{sources.get(step, execution_id)}-{step}" for step in steps},
        registry=registry,
        failures=failures or {},
        given=given or {},
        origins={
            step: Origin(source, f"s3://seatrial/P/{source}", "native") for step, source in sources.items()
        },
    )


def _info(
    step: str, output: str, place: str, objects: Objects, members: tuple[ArchiveMember, ...]
) -> S3OutputInfo:
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    return S3OutputInfo(
        logical_name=output,
        s3_uri=place,
        property_path=output,
        data_type="S3Uri",
        step_name=step,
        timestamp=BEGUN,
        metadata={
            "step_type": {"Train": "Training", "Tune": "Tuning"}.get(step, "Processing"),
            "objects": [
                {"bucket": bucket, "key": f"{prefix}/{key}", "size": 4, "etag": etag}
                for key, etag in objects.items()
            ],
            "members": [vars(member) for member in members],
        },
    )
