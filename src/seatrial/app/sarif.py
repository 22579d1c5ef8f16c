"""Writes findings as a SARIF file: of an execution, of a pipeline that did not run, of a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from seatrial.app.files import write_whole
from seatrial.app.parts import Parts
from seatrial.app.sources import source_file, source_of
from seatrial.app.trial import Trial
from seatrial.definition import PipelineDefinition
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.findings import Finding
from seatrial.reports.sarif import MOST_RESULTS, DefinitionFile, Judged, sarif_of


def write_sarif(parts: Parts, trial: Trial, file: Path) -> None:
    """What was found of an execution."""
    record = trial.record
    judged = Judged(
        record.pipeline_name,
        source_of(parts, record),
        record.findings,
        trial.definition,
        execution=record.execution_id,
        prefix=record.prefix,
        started_at=record.started_at,
        ended_at=record.ended_at,
        incomplete=None
        if record.status is ExecutionStatus.SUCCEEDED
        else f"The execution is {record.status.value}: only a part could be judged.",
        properties={"executionArn": record.arn, "status": record.status.value},
    )
    _write(parts, judged, file)


def write_sarif_of_pipeline(
    parts: Parts,
    named: str,
    name: str,
    findings: Sequence[Finding],
    definition: PipelineDefinition | None,
    file: Path,
) -> None:
    """What was found of a pipeline by its definition alone; without one, because it was refused."""
    # A module that lies elsewhere: its name, which as a URI must not look like one with a scheme.
    source = source_file(named) or DefinitionFile(quote(named), "")
    incomplete = "Nothing ran: judged by the definition alone."
    _write(parts, Judged(name, source, findings, definition, incomplete=incomplete), file)


def _write(parts: Parts, judged: Judged, file: Path) -> None:
    write_whole(file, sarif_of(judged).as_text().encode())
    if len(judged.findings) > MOST_RESULTS:
        parts.say(f"{file} has the {MOST_RESULTS} gravest of {len(judged.findings)} findings")
