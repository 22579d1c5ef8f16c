"""The registry of a bare definition: outputs as planned, before anything ran."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import PurePath

from seatrial.definition import ParameterValue, PipelineDefinition, Step
from seatrial.outputs.declared import DeclaredOutput, declared_outputs
from seatrial.outputs.expressions import Known, known_of, text_of
from seatrial.outputs.info import ExecutionMetadata, S3OutputInfo
from seatrial.outputs.job_type import job_type_of
from seatrial.outputs.receipts import output_type
from seatrial.outputs.registry import S3OutputPathRegistry


def registry_of_definition(
    definition: PipelineDefinition,
    bound: Mapping[str, ParameterValue] | None = None,
    *,
    pipeline_name: str | None = None,
) -> S3OutputPathRegistry:
    """Every output that the definition declares; what is decided during the run is shown in braces."""
    now = datetime.now(timezone.utc)
    known = known_of(definition, bound)
    planned = {step.name: _planned(step, known, now) for step in definition.all_steps()}
    return S3OutputPathRegistry(
        step_outputs={step: outputs for step, outputs in planned.items() if outputs},
        execution_metadata=ExecutionMetadata(
            pipeline_name=pipeline_name or PurePath(definition.source).stem,
            execution_id="planned",
            start_time=now,
            total_steps=len(planned),
        ),
    )


def planned_uri(output: DeclaredOutput, known: Known) -> str:
    """Where the output will lie; the job's name is known only once there is a job."""
    base = text_of(output.location, known).text
    if not output.per_job:
        return base
    what = f"{output.name}.tar.gz" if output.packed else f"{output.name}/"
    return f"{base.rstrip('/')}/{{job name}}/output/{what}"


def _planned(step: Step, known: Known, now: datetime) -> dict[str, S3OutputInfo]:
    return {output.name: _info(output, step, known, now) for output in declared_outputs(step)}


def _info(output: DeclaredOutput, step: Step, known: Known, now: datetime) -> S3OutputInfo:
    return S3OutputInfo(
        logical_name=output.name,
        s3_uri=planned_uri(output, known),
        property_path=output.property_path,
        data_type=output.data_type,
        step_name=step.name,
        job_type=job_type_of(step.name, step.arguments),
        timestamp=now,
        metadata={
            "container_path": output.container_path,
            "output_type": output_type(output.property_path),
            "step_type": step.type,
            "aliases": [],
            "planned": True,
            "pointer": output.pointer,
        },
    )
