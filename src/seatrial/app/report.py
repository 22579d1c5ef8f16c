"""Writes an execution as files for people and for CI: one HTML page, one JUnit file."""

from __future__ import annotations

from pathlib import Path

from seatrial.app.evidence import evidence_of
from seatrial.app.files import write_whole
from seatrial.app.lineage import lineage_as_seen
from seatrial.app.parts import Parts
from seatrial.app.trial import Trial
from seatrial.execution import execution_folder
from seatrial.reports.html import Subject, page_of, render
from seatrial.reports.junit import junit_xml, suite_of

FILE_NAME = "report.html"


def write_html(parts: Parts, trial: Trial, file: Path | None = None) -> Path:
    """The page; into the execution's folder unless a file is named. Where it was written."""
    target = file or execution_folder(parts.settings, trial.record.execution_id) / FILE_NAME
    subject = Subject(
        record=trial.record,
        definition=trial.definition,
        graph=trial.flow.graph,
        lineage=lineage_as_seen(parts, trial.flow),
        evidence=evidence_of(parts, trial.record),
        not_started=trial.not_started,
        now=parts.clock.now(),
    )
    write_whole(target, render(page_of(subject)).encode())
    return target


def write_junit(parts: Parts, trial: Trial, file: Path, fail_on: str) -> None:
    """The JUnit file; findings at or above `fail_on` are failures in it."""
    suite = suite_of(
        trial.record, trial.definition, trial.not_started, fail_on=fail_on, now=parts.clock.now()
    )
    write_whole(file, junit_xml(suite))
