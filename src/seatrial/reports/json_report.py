"""What `--json` prints: one object a command, its shape kept stable; documented in docs/json.md."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from seatrial.definition import PipelineDefinition
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import AttemptRecord, ExecutionRecord, StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.observation import InputFiles, S3Call
from seatrial.reports.images import images_of, substitutions
from seatrial.reports.step_listing import listed_steps


class Report(BaseModel):
    """What every report has in common: unknown keys are a mistake of ours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def as_text(self) -> str:
        """The one JSON object."""
        return self.model_dump_json(indent=2)


class FindingReport(Report):
    """One finding; `where` is a JSON pointer into the definition, or a URI, `also` the other end of the flow.

    `suppressed` is why the project accepts it: such a finding weighs nothing.
    """

    code: str
    severity: str
    step: str | None
    message: str
    where: str
    hint: str
    also: str | None
    expected: str | None
    observed: str | None
    suppressed: str | None


class AttemptReport(Report):
    """An attempt that another one followed; `retried` is true where a retry policy made that one."""

    attempt: int
    job_name: str | None
    failure_reason: str | None
    exception_type: str | None
    retried: bool
    seconds: float | None


class CacheReport(Report):
    """What a step with a CacheConfig found."""

    hit: bool
    reason: str


class InputFilesReport(Report):
    """How many files of one input the step opened; `unopened` names the first hundred of the others."""

    input: str
    files: int
    opened: int
    unopened: tuple[str, ...]


class CallReport(Report):
    """Calls that were alike: one operation on one object, or one prefix of a listing, with one answer.

    `error` is S3's code of what was refused or not there; bytes are those of all `count` calls together.
    """

    operation: str
    bucket: str
    key: str
    status: int
    error: str | None
    first: datetime
    last: datetime
    count: int
    bytes_in: int
    bytes_out: int


class StepReport(Report):
    """One step that started; `seconds` is the time of its last attempt, `retry_at` when the next begins.

    `substitute` is what did its work in its place. `input_files` is null where nobody saw which files it
    opened; `input_files_unseen` is why, or why an input is missing there. `s3_calls` are those that its
    own code made, null where they were not observed; `s3_calls_unseen` is why, or how many are missing.
    """

    name: str
    type: str
    status: str
    failure_reason: str | None
    exit_message: str | None
    attempts: int
    seconds: float | None
    retry_at: datetime | None
    reused_as: str | None
    reused_from: str | None
    cache: CacheReport | None
    substitute: str | None
    input_files: tuple[InputFilesReport, ...] | None
    input_files_unseen: str | None
    s3_calls: tuple[CallReport, ...] | None
    s3_calls_unseen: str | None
    earlier_attempts: tuple[AttemptReport, ...]


class RunReport(Report):
    """`run` and `resume`. `outputs` is the registry's manifest; `substituted_images` is empty when
    every step ran in the image that it names."""

    execution_arn: str
    status: str
    failure_reason: str | None
    steps: tuple[StepReport, ...]
    outputs: dict[str, Any]
    findings: tuple[FindingReport, ...]
    substituted_images: dict[str, str]


class FindingsReport(Report):
    """`check`, and every refusal."""

    findings: tuple[FindingReport, ...]


class ExecutionReport(Report):
    """One execution; `engines` is one name, unless it was resumed under another.

    `pipeline_execution_steps` is the answer of ListPipelineExecutionSteps, null in a list of executions.
    """

    execution_id: str
    execution_arn: str
    pipeline_name: str
    status: str
    failure_reason: str | None
    started_at: datetime
    ended_at: datetime | None
    engines: tuple[str, ...]
    max_parallel_steps: int | None
    selected_steps: tuple[str, ...] | None
    source_execution_arn: str | None
    experiment: dict[str, str] | None
    steps: tuple[StepReport, ...]
    pipeline_execution_steps: tuple[dict[str, Any], ...] | None


class StatusReport(Report):
    """`status` and `stop`: every execution asked for, the newest first."""

    executions: tuple[ExecutionReport, ...]


class DownloadReport(Report):
    """`download`: the files that were written."""

    files: tuple[str, ...]


class ReportFiles(Report):
    """`report`: the files that were written."""

    html: str
    junit: str | None
    sarif: str | None


def run_report(
    record: ExecutionRecord, registry: S3OutputPathRegistry, findings: Iterable[Finding]
) -> RunReport:
    """How an execution ended."""
    return RunReport(
        execution_arn=record.arn,
        status=record.status.value,
        failure_reason=record.failure_reason,
        steps=tuple(map(step_report, record.steps)),
        outputs=registry.export_to_manifest(),
        findings=tuple(map(finding_report, findings)),
        substituted_images=substitutions(images_of(record)),
    )


def findings_report(findings: Iterable[Finding]) -> FindingsReport:
    """Findings alone."""
    return FindingsReport(findings=tuple(map(finding_report, findings)))


def status_report(records: Iterable[ExecutionRecord]) -> StatusReport:
    """Executions and their steps."""
    return StatusReport(executions=tuple(map(_execution_report, records)))


def one_status_report(record: ExecutionRecord, definition: PipelineDefinition) -> StatusReport:
    """One execution, its steps as AWS lists them besides."""
    return StatusReport(executions=(_execution_report(record, listed_steps(record, definition)),))


def finding_report(found: Finding) -> FindingReport:
    """One finding."""
    return FindingReport(
        code=found.code,
        severity=found.severity.value,
        step=found.step,
        message=found.message,
        where=found.where,
        hint=found.hint,
        also=found.also,
        expected=found.expected,
        observed=found.observed,
        suppressed=found.suppressed,
    )


def step_report(step: StepRecord) -> StepReport:
    """One step."""
    seen = step.result.observation if step.result else None
    return StepReport(
        name=step.name,
        type=step.type,
        status=step.status.value,
        failure_reason=step.failure_reason,
        exit_message=step.exit_message,
        attempts=step.attempts,
        seconds=_seconds(step),
        retry_at=step.retry_at,
        reused_as=step.reuse.kind.value if step.reuse else None,
        reused_from=step.reuse.source_arn if step.reuse else None,
        cache=CacheReport(hit=step.cache.hit, reason=step.cache.reason) if step.cache else None,
        substitute=step.substitute,
        input_files=tuple(map(_input_files, seen.inputs)) if seen and seen.inputs is not None else None,
        input_files_unseen=seen.files_unseen if seen else None,
        s3_calls=tuple(map(_call, seen.calls)) if seen and seen.calls is not None else None,
        s3_calls_unseen=seen.calls_unseen if seen else None,
        earlier_attempts=tuple(map(_attempt_report, step.earlier)),
    )


def _input_files(seen: InputFiles) -> InputFilesReport:
    return InputFilesReport(input=seen.input, files=seen.files, opened=seen.opened, unopened=seen.unopened)


def _call(seen: S3Call) -> CallReport:
    return CallReport(**dataclasses.asdict(seen))


def _attempt_report(attempt: AttemptRecord) -> AttemptReport:
    return AttemptReport(
        attempt=attempt.number,
        job_name=attempt.job_name,
        failure_reason=attempt.failure_reason,
        exception_type=attempt.fault,
        retried=attempt.retried,
        seconds=_seconds(attempt),
    )


def _seconds(step: StepRecord | AttemptRecord) -> float | None:
    if step.started_at is None or step.ended_at is None:
        return None
    return (step.ended_at - step.started_at).total_seconds()


def _execution_report(
    record: ExecutionRecord, listed: tuple[dict[str, Any], ...] | None = None
) -> ExecutionReport:
    return ExecutionReport(
        execution_id=record.execution_id,
        execution_arn=record.arn,
        pipeline_name=record.pipeline_name,
        status=record.status.value,
        failure_reason=record.failure_reason,
        started_at=record.started_at,
        ended_at=record.ended_at,
        engines=record.engines,
        max_parallel_steps=record.max_parallel_steps,
        selected_steps=record.selection.steps if record.selection else None,
        source_execution_arn=record.selection.source_arn if record.selection else None,
        experiment=dict(record.experiment) if record.experiment else None,
        steps=tuple(map(step_report, record.steps)),
        pipeline_execution_steps=listed,
    )
