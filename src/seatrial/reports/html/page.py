"""What the page shows, from the record and the evidence; every text as it was written, not yet escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from seatrial import __version__
from seatrial.dataflow import Lineage
from seatrial.definition import MISSING, Graph, PipelineDefinition
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.findings import tally
from seatrial.reports.findings_page import ALL_KINDS
from seatrial.reports.html.evidence import Evidence
from seatrial.reports.html.layout import Drawing, lay_out
from seatrial.reports.html.lineage import LineagePicture, lineage_picture
from seatrial.reports.html.step_views import StepView, moment_text, step_view
from seatrial.reports.html.times import Timeline, timeline_of
from seatrial.reports.lineage import mermaid_text, picture_of, roots_of
from seatrial.reports.states import StepState, state_of
from seatrial.reports.summary import failed_steps
from seatrial.reports.text import size_text, time_text


@dataclass(frozen=True)
class Subject:
    """The execution that a page is about, and what is known of it; `not_started` would have run."""

    record: ExecutionRecord
    definition: PipelineDefinition
    graph: Graph
    lineage: Lineage
    evidence: Evidence
    not_started: Collection[str]
    now: datetime


@dataclass(frozen=True)
class FindingGroup:
    """All findings of one code and severity; those that are suppressed are a group of their own."""

    code: str
    severity: Severity
    title: str
    meaning: str
    findings: tuple[Finding, ...]
    hints: tuple[str, ...]
    suppressed: bool = False


@dataclass(frozen=True)
class FlowLine:
    """One line of the lineage; an empty `source` is something outside the pipeline."""

    source: str
    target: str
    objects: str
    size: str
    uri: str


@dataclass(frozen=True)
class ImageLine:
    """An image that the definition names, what ran in its place, and for which steps."""

    requested: str
    reference: str
    substituted: str | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ParameterLine:
    """A parameter's value; `default` only where the value is another."""

    name: str
    type: str
    value: str
    default: str | None = None


@dataclass(frozen=True)
class Page:
    """Everything on the page, in the order in which it stands there."""

    title: str
    status: ExecutionStatus
    failure_reason: str | None
    facts: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, int], ...]
    first_failure: StepView | None
    last_words: tuple[str, ...]
    findings: tuple[FindingGroup, ...]
    findings_tally: str
    to_the_end: bool
    drawing: Drawing
    timeline: Timeline
    steps: Mapping[str, StepView]
    lineage: tuple[FlowLine, ...]
    packages: int
    lineage_picture: LineagePicture | None
    mermaid: str
    images: tuple[ImageLine, ...]
    parameters: tuple[ParameterLine, ...]
    evidence_note: str | None
    made: str


def page_of(subject: Subject) -> Page:
    """The page of one execution."""
    record = subject.record
    steps = {view.name: view for view in _steps(subject)}
    failed = failed_steps(record)
    first = failed[0] if failed else None
    roots = roots_of(subject.lineage)
    picture = picture_of(subject.lineage, roots)
    return Page(
        title=record.pipeline_name,
        status=record.status,
        failure_reason=record.failure_reason,
        facts=tuple(_facts(record, subject.now)),
        counts=tuple(_counts(steps.values())),
        first_failure=steps.get(first.name) if first else None,
        last_words=tuple(first.result.log_tail) if first and first.result else (),
        findings=tuple(_groups(record.findings)),
        findings_tally=tally(record.findings),
        to_the_end=record.status is ExecutionStatus.SUCCEEDED,
        drawing=lay_out(subject.graph),
        timeline=timeline_of(record, subject.now),
        steps=steps,
        lineage=tuple(_lineage(subject.lineage)),
        packages=len(roots),
        lineage_picture=lineage_picture(picture) if roots else None,
        mermaid=mermaid_text(picture),
        images=tuple(_images(record)),
        parameters=tuple(_parameters(subject.definition, record)),
        evidence_note=" ".join(filter(None, (subject.evidence.note, subject.evidence.contents.note))) or None,
        made=f"seatrial {__version__}, {moment_text(subject.now)}",
    )


def _steps(subject: Subject) -> Iterator[StepView]:
    """Those that started, in that order, then the others in the document's."""
    record = subject.record
    names = dict.fromkeys(
        [step.name for step in record.steps] + [s.name for s in subject.definition.all_steps()]
    )
    for index, name in enumerate(names, start=1):
        step = subject.definition.step(name)
        if step is not None:
            yield step_view(
                f"step-{index}",
                step,
                state_of(name, record, subject.not_started),
                record.step(name),
                subject.evidence,
                subject.lineage.entries,
            )


def _facts(record: ExecutionRecord, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Execution", record.execution_id
    yield "Started", moment_text(record.started_at)
    took = time_text(((record.ended_at or now) - record.started_at).total_seconds())
    yield ("Took", took) if record.ended_at else ("Running for", took)
    if record.prefix:
        yield "Prefix", record.prefix
    yield "Engine", " and ".join(record.engines)
    if record.selection:
        yield "Selected", ", ".join(record.selection.steps)
        if record.selection.source_arn:
            yield "The rest from", record.selection.source_arn
    if record.max_parallel_steps:
        yield "At a time", f"{record.max_parallel_steps} steps at most"
    yield "ARN", record.arn


def _counts(steps: Collection[StepView]) -> Iterator[tuple[str, int]]:
    for state in StepState:
        count = sum(step.state is state for step in steps)
        if count:
            yield state.value.lower(), count


def _groups(findings: Sequence[Finding]) -> Iterator[FindingGroup]:
    gravity = list(Severity)

    def place(found: Finding) -> tuple[bool, int, str]:
        return found.suppressed is not None, gravity.index(found.severity), found.code

    for (suppressed, severity, code), same in groupby(sorted(findings, key=place), key=place):
        group = tuple(same)
        kind = ALL_KINDS.get(code)
        title, meaning = (kind.title, kind.meaning) if kind else ("", "")
        hints = () if suppressed else tuple(dict.fromkeys(found.hint for found in group if found.hint))
        yield FindingGroup(code, gravity[severity], title, meaning, group, hints, suppressed)


def _lineage(lineage: Lineage) -> Iterator[FlowLine]:
    for entry in lineage.entries:
        source = f"{entry.from_step}.{entry.from_output}" if entry.from_step else ""
        target = f"{entry.to_step}.{entry.to_input}"
        size = size_text(sum(found.size for found in entry.objects)) if entry.objects else ""
        yield FlowLine(source, target, str(len(entry.objects) or ""), size, entry.s3_uri)
    for sink in lineage.sinks:
        yield FlowLine(sink.step, "model registry", "", "", sink.arn)


def _images(record: ExecutionRecord) -> Iterator[ImageLine]:
    users: dict[tuple[str, str, str | None], list[str]] = {}
    for step in record.steps:
        image = step.result.image if step.result else None
        if image is not None:
            users.setdefault((image.requested, image.reference, image.substituted), []).append(step.name)
    for (requested, reference, substituted), names in users.items():
        yield ImageLine(requested, reference, substituted, tuple(names))


def _parameters(definition: PipelineDefinition, record: ExecutionRecord) -> Iterable[ParameterLine]:
    for name, value in record.parameters.items():
        declared = definition.parameter(name)
        default = declared.default if declared else MISSING
        other = str(default) if default is not MISSING and default != value else None
        yield ParameterLine(name, declared.type if declared else "", str(value), other)
