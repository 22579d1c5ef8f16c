"""The registry of an execution in an AWS account, from what its jobs answered and what lies in S3 now.

The service keeps no receipts. What a job wrote is told by time: objects in its places from before its job
was created are leftovers, those from after its end somebody else's; both are counted, neither is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from seatrial.definition import Step
from seatrial.errors import EnvironmentUnfitError
from seatrial.outputs import ExecutionMetadata, S3OutputInfo, S3OutputPathRegistry
from seatrial.outputs.declared import DeclaredOutput, declared_outputs
from seatrial.outputs.job_type import job_type_of
from seatrial.outputs.object_list import ObjectList
from seatrial.outputs.receipts import formats_of, output_type, steps_to_run
from seatrial.ports.storage import S3Uri
from seatrial.sessions.account_execution import AwsExecution, AwsStep
from seatrial.sessions.account_store import AccountStore, Dated

# S3 tells times in whole seconds, and its clock is not the job's.
_BEFORE = timedelta(seconds=1)
_AFTER = timedelta(seconds=60)
_END_TIMES = ("ProcessingEndTime", "TrainingEndTime", "TransformEndTime", "HyperParameterTuningEndTime")
# Of the rest nothing is asked: a model may be gone by now, and what was registered is no object.
_WRITING = ("ProcessingJob", "TrainingJob", "TransformJob", "TuningJob", "QualityCheck", "ClarifyCheck")
_OPEN = ("Executing", "Stopping")


@dataclass(frozen=True)
class _Found:
    """The objects in an output's place: the job's own, and how many are older and newer than it."""

    own: tuple[Dated, ...]
    older: int
    newer: int


def registry_of_aws(execution: AwsExecution, store: AccountStore) -> S3OutputPathRegistry:
    """Every output of the execution's jobs."""
    registry = S3OutputPathRegistry()
    for step in execution.steps:
        if step.kind not in _WRITING:
            continue
        described = execution.properties_of(step)
        for output, uri in _outputs(execution, step, described):
            found = _found(store, output, uri, described)
            info = _info(step, output, uri, found, execution)
            if info is not None:
                registry.register_step_output(step.name, info.logical_name, info)
    registry.execution_metadata = _metadata(execution)
    return registry


def _outputs(
    execution: AwsExecution, step: AwsStep, described: Mapping[str, Any]
) -> Iterator[tuple[DeclaredOutput, str]]:
    """Each output with its place. A job's description says where in the words of the request."""
    for output in declared_outputs(Step(step.name, step.type, arguments=described)):
        if step.type == "Tuning":
            best = described.get("BestTrainingJob", {}).get("TrainingJobName")
            trained = execution.ask("DescribeTrainingJob", TrainingJobName=best) if best else {}
            uri = _model(trained)
        else:
            uri = _model(described) if output.data_type == "ModelArtifacts" else _place(output, step)
        if uri:
            yield output, uri
        if output.data_type == "ModelArtifacts" and step.type == "Training":
            extra = replace(
                output,
                name="output",
                property_path="OutputDataConfig.S3OutputPath",
                data_type="S3Uri",
                container_path="/opt/ml/output/data",
                packed=True,
            )
            yield extra, _place(extra, step)


def _model(described: Mapping[str, Any]) -> str | None:
    place = described.get("ModelArtifacts", {}).get("S3ModelArtifacts")
    return str(place) if place else None


def _place(output: DeclaredOutput, step: AwsStep) -> str:
    base = str(output.location)
    return f"{base.rstrip('/')}/{step.job_name}/output/output.tar.gz" if output.per_job else base


def _found(store: AccountStore, output: DeclaredOutput, text: str, described: Mapping[str, Any]) -> _Found:
    uri = S3Uri.parse(text)
    if output.per_job and output.packed:
        whole = store.stat_dated(uri)
        every = [whole] if whole else []
    else:
        # As a folder: `train` is not to bring `train2/` along.
        every = list(store.dated(S3Uri(uri.bucket, f"{uri.key.rstrip('/')}/" if uri.key else "")))
    begun = described.get("CreationTime")
    ended = next((described[name] for name in _END_TIMES if described.get(name)), None)
    real = [each for each in every if each.stored.size or not each.stored.key.endswith("/")]
    older = [begun is not None and each.modified < begun - _BEFORE for each in real]
    newer = [ended is not None and each.modified > ended + _AFTER for each in real]
    own = [each for each, early, late in zip(real, older, newer, strict=True) if not (early or late)]
    return _Found(tuple(own), sum(older), sum(newer))


def _info(
    step: AwsStep, output: DeclaredOutput, uri: str, found: _Found, execution: AwsExecution
) -> S3OutputInfo | None:
    objects = [each.stored for each in found.own]
    # Like ours: what nothing was written to is shown only if the definition promised it.
    promised = step.status == "Succeeded" and not output.lasting and output.name != "output"
    if not objects and not promised:
        return None
    return S3OutputInfo(
        logical_name=output.name,
        s3_uri=uri,
        property_path=output.property_path,
        data_type=output.data_type,
        step_name=step.name,
        job_type=job_type_of(step.name, execution.properties_of(step)),
        timestamp=step.ended_at or step.started_at or execution.described["CreationTime"],
        metadata={
            "container_path": output.container_path,
            "output_type": output_type(output.property_path),
            "step_type": step.type,
            "step_status": step.status,
            "aliases": [],
            "attempt": step.attempts,
            "job_name": step.job_name,
            "job_arn": step.job_arn,
            "reused_from": step.reused_from,
            "substitute": None,
            "count": len(objects),
            "bytes": sum(stored.size for stored in objects),
            "formats": formats_of(objects),
            "objects": ObjectList(objects, uri),
            "members": [],
            "older_objects": found.older,
            "newer_objects": found.newer,
        },
    )


def _metadata(execution: AwsExecution) -> ExecutionMetadata:
    described = execution.described
    is_open = described.get("PipelineExecutionStatus") in _OPEN
    return ExecutionMetadata(
        pipeline_name=str(described["PipelineArn"]).rpartition("/")[2],
        execution_id=execution.arn.rpartition("/")[2],
        start_time=described["CreationTime"],
        end_time=None if is_open else described.get("LastModifiedTime"),
        total_steps=_total(execution),
        completed_steps=sum(step.status == "Succeeded" for step in execution.steps),
    )


def _total(execution: AwsExecution) -> int:
    """The steps that are to run; those that started where the definition may not be read."""
    try:
        definition = execution.definition()
    except EnvironmentUnfitError:
        return len(execution.steps)
    return len(steps_to_run(definition, {step.name: step.outcome or "" for step in execution.steps}))
