"""From an execution's receipts to the registry: what each attempt wrote, never what was declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from seatrial.definition import PipelineDefinition, Step
from seatrial.outputs.declared import declared_outputs
from seatrial.outputs.info import ExecutionMetadata, S3OutputInfo
from seatrial.outputs.job_type import job_type_of
from seatrial.outputs.object_list import ObjectList
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord, StepRecord, StepStatus
from seatrial.ports.jobs import ArchiveMember, OutputReceipt
from seatrial.ports.storage import StoredObject


def registry_of(record: ExecutionRecord, definition: PipelineDefinition) -> S3OutputPathRegistry:
    """Every output that the execution's jobs wrote.

    A step that succeeded shows all that it declared, empty outputs too; of one that did not, those
    that received something before it ended.
    """
    written = {step.name: _outputs_of(step, record, definition.step(step.name)) for step in record.steps}
    return S3OutputPathRegistry(
        step_outputs={step: outputs for step, outputs in written.items() if outputs},
        execution_metadata=ExecutionMetadata(
            pipeline_name=record.pipeline_name,
            execution_id=record.execution_id,
            start_time=record.started_at,
            end_time=record.ended_at,
            total_steps=sum(
                record.selects(step.name) or record.step(step.name) is not None
                for step in steps_to_run(definition, _outcomes(record))
            ),
            completed_steps=sum(step.status is StepStatus.SUCCEEDED for step in record.steps),
        ),
    )


def objects_of(info: S3OutputInfo) -> tuple[StoredObject, ...]:
    """The objects that a registered output consists of."""
    entries = info.metadata.get("objects", ())
    if isinstance(entries, ObjectList):
        return tuple(entries.stored())
    return tuple(
        StoredObject(entry["bucket"], entry["key"], entry["size"], entry["etag"]) for entry in entries
    )


def _outputs_of(step: StepRecord, record: ExecutionRecord, plan: Step | None) -> dict[str, S3OutputInfo]:
    receipts = step.result.outputs if step.result else ()
    promised = plan if step.status is StepStatus.SUCCEEDED else None
    declared = (
        {(output.name, output.property_path) for output in declared_outputs(promised) if not output.lasting}
        if promised
        else set()
    )
    return {
        receipt.name: _info(receipt, step, record)
        for receipt in receipts
        if receipt.objects or (receipt.name, receipt.property_path) in declared
    }


def _info(receipt: OutputReceipt, step: StepRecord, record: ExecutionRecord) -> S3OutputInfo:
    return S3OutputInfo(
        logical_name=receipt.name,
        s3_uri=receipt.s3_uri,
        property_path=receipt.property_path,
        data_type=receipt.data_type,
        step_name=step.name,
        job_type=job_type_of(step.name, step.properties),
        timestamp=step.ended_at or record.ended_at or step.started_at or record.started_at,
        metadata=_metadata(receipt, step),
    )


def _metadata(receipt: OutputReceipt, step: StepRecord) -> dict[str, Any]:
    return {
        "container_path": receipt.container_path,
        "output_type": output_type(receipt.property_path),
        "step_type": step.type,
        "step_status": step.status.value,
        "aliases": [],
        "attempt": step.attempts,
        "job_name": step.job_name,
        "reused_from": step.reuse.source_arn if step.reuse else None,
        "substitute": step.substitute,
        "count": len(receipt.objects),
        "bytes": sum(stored.size for stored in receipt.objects),
        "formats": formats_of(receipt.objects),
        "objects": ObjectList(receipt.objects, receipt.s3_uri),
        "members": [_member(member) for member in receipt.members],
    }


def _member(member: ArchiveMember) -> dict[str, Any]:
    told: dict[str, Any] = {"name": member.name, "size": member.size, "sha256": member.sha256}
    return told if member.kind == "file" else {**told, "kind": member.kind, "target": member.target}


def members_of_info(info: S3OutputInfo) -> tuple[ArchiveMember, ...]:
    """What a registered archive was found to hold when it was written."""
    return tuple(ArchiveMember(**entry) for entry in info.metadata.get("members", []))


def output_type(property_path: str) -> str:
    """What kind of output a property path names, in the words of step specifications."""
    if property_path.startswith(("ModelArtifacts.", "TrainingJobSummaries[")):
        return "model_artifacts"
    return "processing_output" if property_path.startswith("ProcessingOutputConfig.") else "custom_property"


def formats_of(objects: Iterable[StoredObject]) -> list[str]:
    """The endings of the objects' names, each once."""
    return sorted({ending for stored in objects if (ending := _ending(PurePosixPath(stored.key)))})


def _ending(path: PurePosixPath) -> str:
    compressed = path.suffix.lower() in (".gz", ".bz2", ".xz", ".zst")
    return "".join(path.suffixes[-2 if compressed else -1 :]).lstrip(".").lower()


def steps_to_run(definition: PipelineDefinition, outcomes: Mapping[str, str]) -> list[Step]:
    """All steps less those on branches that a condition did not take; `outcomes` by step."""
    not_taken = {
        (name, branch) for name, outcome in outcomes.items() if (branch := _branch_not_taken(outcome))
    }
    parents = {step.name: (step.parent, step.branch) for step in definition.all_steps()}

    def skipped(name: str | None) -> bool:
        place = parents.get(name) if name else None
        return place is not None and (place in not_taken or skipped(place[0]))

    return [step for step in definition.all_steps() if not skipped(step.name)]


def _outcomes(record: ExecutionRecord) -> dict[str, str]:
    return {step.name: str(step.metadata.get("Condition", {}).get("Outcome", "")) for step in record.steps}


def _branch_not_taken(outcome: str) -> str | None:
    return {"true": "ElseSteps", "false": "IfSteps"}.get(outcome.lower())
