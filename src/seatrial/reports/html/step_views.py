"""One step as the page shows it: facts, data, log; every text as it was written, not yet escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seatrial.dataflow import LineageEntry
from seatrial.definition import Step
from seatrial.ports.contents import Profile
from seatrial.ports.executions import AttemptRecord, StepRecord
from seatrial.ports.jobs import ArchiveMember, InputReceipt, JobResult, OutputReceipt
from seatrial.ports.storage import StoredObject
from seatrial.reports.contents import TableWords, notes_of, table_words
from seatrial.reports.html.calls import CallsView, calls_view
from seatrial.reports.html.evidence import Evidence, LogText, Preview
from seatrial.reports.html.times import PHASES
from seatrial.reports.opened import opened_text
from seatrial.reports.progress import reused_text
from seatrial.reports.states import StepState
from seatrial.reports.text import size_text, time_text

MOST_LISTED = 40
"""Files of one input, output or archive that are listed; the rest is counted."""


@dataclass(frozen=True)
class FileLine:
    """One object or archive member; `preview` is its head where there is one."""

    name: str
    size: str
    preview: Preview | None = None


@dataclass(frozen=True)
class Files:
    """Some files of many."""

    lines: tuple[FileLine, ...]
    left_out: int = 0


@dataclass(frozen=True)
class DataView:
    """An input or an output.

    `writers` are the upstream outputs that an input holds, `opened` which of its files were opened, `foreign`
    what others left beside an output. `tables` are what it was found to hold, `notes` what is to be said of
    that.
    """

    name: str
    uri: str
    container_path: str
    count: int
    size: str
    files: Files
    writers: tuple[str, ...] = ()
    opened: str = ""
    members: Files = Files(())
    foreign: Files = Files(())
    tables: tuple[TableWords, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepView:
    """One step. `anchor` is unique on the page; `facts` are (name, value) pairs in the order to be shown."""

    anchor: str
    name: str
    type: str
    state: StepState
    took: str = ""
    failure_reason: str | None = None
    exit_message: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    inputs: tuple[DataView, ...] = ()
    outputs: tuple[DataView, ...] = ()
    lost: Files = Files(())
    calls: CallsView | None = None
    log: LogText | None = None


def step_view(
    anchor: str,
    step: Step,
    state: StepState,
    record: StepRecord | None,
    evidence: Evidence,
    lineage: Iterable[LineageEntry],
) -> StepView:
    """The step; without a record there is nothing to tell but its state."""
    if record is None:
        return StepView(anchor, step.name, step.type, state, facts=tuple(_declared(step)))
    result = record.result
    flows = [entry for entry in lineage if entry.to_step == step.name]
    return StepView(
        anchor,
        step.name,
        step.type,
        state,
        took="reused" if record.reuse else time_text(_seconds(record)),
        failure_reason=record.failure_reason,
        exit_message=record.exit_message,
        facts=tuple(_facts(step, record)),
        inputs=tuple(_input(receipt, flows, result) for receipt in (result.inputs if result else ())),
        outputs=tuple(
            _output(step.name, receipt, evidence) for receipt in (result.outputs if result else ())
        ),
        lost=_listed([FileLine(lost.container_path, _size(lost.size)) for lost in _lost(record)]),
        calls=calls_view(result.observation if result else None),
        log=evidence.logs.get(step.name),
    )


def moment_text(moment: datetime | None) -> str:
    """A time as everybody reads it, wherever the report is opened."""
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else ""


def _facts(step: Step, record: StepRecord) -> Iterator[tuple[str, str]]:
    yield "Started", moment_text(record.started_at)
    if record.ended_at:
        yield "Ended", moment_text(record.ended_at)
    if record.attempts > 1:
        yield "Attempts", f"{record.attempts} (times, data and log are the last one's)"
    yield from _history(record)
    yield from _declared(step)
    result = record.result
    if result and result.seconds:
        phases = (
            f"{label} {time_text(result.seconds[key])}"
            for key, label in PHASES.items()
            if key in result.seconds
        )
        yield "Spent on", ", ".join(phases)
    if record.job_name:
        yield "Job", record.job_name
    if result and result.image:
        yield "Image", result.image.requested
        if result.image.substituted or result.image.reference != result.image.requested:
            yield (
                "Ran in",
                f"{result.image.reference}"
                + (f": {result.image.substituted}" if result.image.substituted else ""),
            )
    if result and result.refusal:
        yield "Refused", result.refusal
    yield from ((name, value) for name, value in _flat(record.metadata) if value != record.failure_reason)


def _history(record: StepRecord) -> Iterator[tuple[str, str]]:
    """Earlier attempts, and earlier executions that did the same."""
    yield from ((f"Attempt {attempt.number}", _attempt(attempt)) for attempt in record.earlier)
    if record.retry_at:
        yield "Tried again", f"at {moment_text(record.retry_at)}, after {record.fault}"
    if record.reuse:
        yield "Reused", f"{reused_text(record.reuse)}; job, image, data are of that execution"
    if record.substitute:
        yield "Substituted", f"{record.substitute}; the step did not run as it is"
    if record.cache:
        yield "Cache", f"{'hit' if record.cache.hit else 'miss'}: {record.cache.reason}"


def _attempt(attempt: AttemptRecord) -> str:
    told = [attempt.failure_reason or "ended without a reason", moment_text(attempt.started_at)]
    if attempt.job_name:
        told.append(f"job {attempt.job_name}")
    told.append(f"retried by policy for {attempt.fault}" if attempt.retried else "resumed")
    return "; ".join(filter(None, told))


def _declared(step: Step) -> Iterator[tuple[str, str]]:
    if step.display_name and step.display_name != step.name:
        yield "Called", step.display_name
    if step.description:
        yield "Described", step.description
    if step.parent and step.branch:
        yield "Branch", f"{step.branch.removesuffix('Steps').lower()} of {step.parent}"


def _flat(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in metadata.items():
        if isinstance(value, Mapping):
            for name, inner in value.items():
                yield f"{key} {name}", inner if isinstance(inner, str) else json.dumps(inner, default=str)
        else:
            yield key, value if isinstance(value, str) else json.dumps(value, default=str)


def _input(receipt: InputReceipt, flows: Iterable[LineageEntry], result: JobResult | None) -> DataView:
    writers = (
        f"{entry.from_step}.{entry.from_output}"
        for entry in flows
        if entry.to_input == receipt.name and entry.from_step
    )
    return DataView(
        receipt.name,
        receipt.s3_uri,
        receipt.container_path,
        len(receipt.objects),
        _total(receipt.objects),
        _objects(receipt.objects, receipt.s3_uri),
        writers=tuple(dict.fromkeys(writers)),
        opened=opened_text(result.observation if result else None, receipt.name),
    )


def _output(step: str, receipt: OutputReceipt, evidence: Evidence) -> DataView:
    profile = evidence.contents.outputs.get((step, receipt.name), Profile())
    archives = [FileLine(name, "") for archive in profile.archives for name in archive.members]
    return DataView(
        receipt.name,
        receipt.s3_uri,
        receipt.container_path,
        len(receipt.objects),
        _total(receipt.objects),
        _objects(receipt.objects, receipt.s3_uri, evidence.previews),
        members=_listed([_member(member) for member in receipt.members] or archives),
        foreign=_objects(receipt.existing, receipt.s3_uri),
        tables=table_words(profile),
        notes=notes_of(profile),
    )


def _objects(
    objects: Sequence[StoredObject], base: str, previews: Mapping[str, Preview] | None = None
) -> Files:
    seen = previews or {}
    return _listed(
        [
            FileLine(_relative(stored.uri, base), _size(stored.size), seen.get(stored.uri))
            for stored in objects
        ]
    )


def _relative(uri: str, base: str) -> str:
    folder = base.rstrip("/") + "/"
    return uri[len(folder) :] if uri.startswith(folder) and len(uri) > len(folder) else uri.rsplit("/", 1)[-1]


def _member(member: ArchiveMember) -> FileLine:
    return FileLine(member.name, _size(member.size))


def _listed(lines: list[FileLine]) -> Files:
    return Files(tuple(lines[:MOST_LISTED]), max(len(lines) - MOST_LISTED, 0))


def _total(objects: Iterable[StoredObject]) -> str:
    return size_text(sum(stored.size for stored in objects))


def _size(size: int) -> str:
    return size_text(size) if size >= 0 else "size unknown"


def _lost(record: StepRecord) -> Iterable[Any]:
    return record.result.lost_files if record.result else ()


def _seconds(record: StepRecord) -> float | None:
    if record.started_at is None or record.ended_at is None:
        return None
    return (record.ended_at - record.started_at).total_seconds()
