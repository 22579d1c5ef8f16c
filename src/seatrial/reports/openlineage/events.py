"""An execution as OpenLineage events: its own run, and one for every attempt of every step.

Ids are made of what is recorded, so that telling it again tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from seatrial.dataflow import Lineage
from seatrial.dataflow.lineage import LineageStep
from seatrial.ports.contents import Place, Profile
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord, StepStatus
from seatrial.reports.openlineage.datasets import inputs_of, outputs_of
from seatrial.reports.openlineage.model import (
    ErrorMessage,
    EventType,
    InputDataset,
    Job,
    JobFacets,
    JobTags,
    JobType,
    OutputDataset,
    ParentRun,
    ProcessingEngine,
    Run,
    RunEvent,
    RunFacets,
    RunTags,
    SourceCode,
    SourceCodeLocation,
    Tag,
)

_ENDS: Mapping[ExecutionStatus | StepStatus, EventType] = {
    ExecutionStatus.SUCCEEDED: "COMPLETE",
    ExecutionStatus.FAILED: "FAIL",
    ExecutionStatus.COMPLETED_WITH_FAILURES: "FAIL",
    ExecutionStatus.STOPPED: "ABORT",
    StepStatus.SUCCEEDED: "COMPLETE",
    StepStatus.FAILED: "FAIL",
    StepStatus.STOPPED: "ABORT",
}


@dataclass(frozen=True)
class _Told:
    """One run of which a beginning and perhaps an end is told."""

    key: str
    job: Job
    tags: tuple[Tag, ...]
    started_at: datetime
    ended_at: datetime | None = None
    end: EventType | None = None
    reason: str | None = None
    inputs: tuple[InputDataset, ...] = ()
    outputs: tuple[OutputDataset, ...] = ()


def events_of(
    record: ExecutionRecord,
    lineage: Lineage,
    namespace: str,
    profiles: Mapping[Place, Profile] = MappingProxyType({}),
) -> tuple[RunEvent, ...]:
    """Every event, in the order in which it happened; `profiles` are of outputs that were looked into."""
    pipeline = _pipeline(record, namespace)
    parent = ParentRun(
        run=Run(run_id=_run_id(record, pipeline.key)), job=Job(namespace=namespace, name=pipeline.job.name)
    )
    runs = [(pipeline, None), *((told, parent) for told in _steps(record, lineage, namespace, profiles))]
    events = [event for told, above in runs for event in _events(record, told, above)]
    return tuple(sorted(events, key=lambda event: datetime.fromisoformat(event.event_time)))


def _events(record: ExecutionRecord, told: _Told, parent: ParentRun | None) -> Iterator[RunEvent]:
    run_id = _run_id(record, told.key)
    tags = RunTags(tags=told.tags) if told.tags else None
    facets = RunFacets(parent=parent, processing_engine=ProcessingEngine(), tags=tags)
    yield RunEvent(
        event_type="START",
        event_time=told.started_at.isoformat(),
        run=Run(run_id=run_id, facets=facets),
        job=told.job,
        inputs=told.inputs,
    )
    if told.end is not None and told.ended_at is not None:
        error = ErrorMessage(message=told.reason) if told.reason and told.end == "FAIL" else None
        yield RunEvent(
            event_type=told.end,
            event_time=max(told.ended_at, told.started_at).isoformat(),
            run=Run(run_id=run_id, facets=facets.model_copy(update={"error_message": error})),
            job=told.job,
            inputs=told.inputs,
            outputs=told.outputs,
        )


def _run_id(record: ExecutionRecord, key: str) -> str:
    """The execution's beginning is part of it: another project may give its executions the same ARNs."""
    return str(uuid5(NAMESPACE_URL, f"{record.arn}#{record.started_at.isoformat()}{key}"))


def _pipeline(record: ExecutionRecord, namespace: str) -> _Told:
    return _Told(
        key="",
        job=Job(
            namespace=namespace,
            name=record.pipeline_name,
            facets=JobFacets(job_type=JobType(job_type="PIPELINE")),
        ),
        tags=(Tag(key="execution", value=record.arn),),
        started_at=record.started_at,
        ended_at=record.ended_at,
        end=_ENDS.get(record.status),
        reason=record.failure_reason,
    )


def _steps(
    record: ExecutionRecord, lineage: Lineage, namespace: str, profiles: Mapping[Place, Profile]
) -> Iterator[_Told]:
    for step in record.steps:
        about = lineage.step(step.name)
        began = step.started_at or step.ended_at
        if about is None or began is None:
            continue
        job = _job(record, about, namespace)
        for attempt in step.earlier:
            started = attempt.started_at or attempt.ended_at or began
            yield _Told(
                key=f"/{step.name}/{attempt.number}",
                job=job,
                tags=_tags(about, attempt.job_name),
                started_at=started,
                ended_at=attempt.ended_at or started,
                end="FAIL",
                reason=attempt.failure_reason,
            )
        told = _last(step, about, job, began)
        yield replace(
            told,
            inputs=inputs_of(lineage, record, step.name),
            outputs=outputs_of(lineage, step, profiles),
        )


def _last(step: StepRecord, about: LineageStep, job: Job, began: datetime) -> _Told:
    return _Told(
        key=f"/{step.name}/{step.attempts}",
        job=job,
        tags=_tags(about, step.job_name),
        started_at=began,
        ended_at=step.ended_at or began,
        end=None if step.waiting else _ENDS.get(step.status),
        reason=step.failure_reason,
    )


def _job(record: ExecutionRecord, step: LineageStep, namespace: str) -> Job:
    located = next((code for code in step.code if code.uri), None)
    command = next((code for code in step.code if code.command), None)
    digests = tuple(
        Tag(key=f"sha256:{code.uri or code.name}", value=code.sha256) for code in step.code if code.sha256
    )
    return Job(
        namespace=namespace,
        name=f"{record.pipeline_name}.{step.name}",
        facets=JobFacets(
            job_type=JobType(job_type=step.type.upper()),
            source_code=SourceCode(source_code=" ".join(command.command)) if command else None,
            source_code_location=SourceCodeLocation(
                url=quote(located.uri, safe=":/"), version=located.content_sha256 or located.sha256
            )
            if located and located.uri
            else None,
            tags=JobTags(tags=digests) if digests else None,
        ),
    )


def _tags(step: LineageStep, job_name: str | None) -> tuple[Tag, ...]:
    image = step.image
    told = {
        "job": job_name,
        "job_arn": step.arn if job_name == step.job_name else None,
        "image": image.requested if image else None,
        "image_that_ran": f"{image.reference}@{image.image_id}" if image else None,
        "image_stands_in": image.substituted if image else None,
        "settings_sha256": step.settings_sha256,
        "reused_from": step.reused_from,
        "reuse": step.reuse,
        "substitute": step.substitute,
    }
    return tuple(Tag(key=key, value=value) for key, value in told.items() if value)
