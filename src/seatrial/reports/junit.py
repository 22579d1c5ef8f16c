"""One execution as JUnit XML, so that a CI system lists its steps and its data flow among the tests.

One suite per execution: a test case per step, and one per code of the data flow, whether it was found or not,
so that a system that compares builds sees the same cases each time. Green means: it ran and it is well.
What was not looked at is skipped, never passed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from seatrial.dataflow import KINDS
from seatrial.definition import PipelineDefinition
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord
from seatrial.ports.findings import Finding, fails
from seatrial.reports.findings_page import ALL_KINDS
from seatrial.reports.images import images_of, substitutions
from seatrial.reports.printable import printable
from seatrial.reports.states import StepState, state_of

_FLOW = "ST1"


@dataclass(frozen=True)
class Case:
    """One test case; `outcome` is `failure`, `error` or `skipped`, and None if all is well."""

    group: str
    name: str
    seconds: float = 0.0
    outcome: str | None = None
    message: str = ""
    detail: str = ""
    output: str = ""


@dataclass(frozen=True)
class Suite:
    """One execution with its cases; the counts are those of the cases."""

    name: str
    started_at: datetime
    seconds: float
    cases: tuple[Case, ...]
    properties: Mapping[str, str] = field(default_factory=dict)


def suite_of(
    record: ExecutionRecord,
    definition: PipelineDefinition,
    not_started: Collection[str],
    *,
    fail_on: str,
    now: datetime,
) -> Suite:
    """The suite; findings at or above `fail_on` are failures, as in the exit code of a run."""
    cases = [*_steps(record, definition, not_started), *_findings(record, fail_on)]
    if record.status is not ExecutionStatus.SUCCEEDED and not any(_red(case) for case in cases):
        cases.append(_not_well(record))
    return Suite(
        record.pipeline_name,
        record.started_at,
        ((record.ended_at or now) - record.started_at).total_seconds(),
        tuple(cases),
        dict(_properties(record)),
    )


def junit_xml(suite: Suite) -> bytes:
    """The file."""
    totals = _totals(suite)
    root = Element("testsuites", totals)
    element = SubElement(
        root,
        "testsuite",
        {
            "name": printable(suite.name),
            **totals,
            "timestamp": suite.started_at.replace(tzinfo=None).isoformat(timespec="seconds"),
        },
    )
    properties = SubElement(element, "properties")
    for name, value in suite.properties.items():
        SubElement(properties, "property", {"name": printable(name), "value": printable(value)})
    for case in suite.cases:
        element.append(_element(case))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'.encode()


def _steps(
    record: ExecutionRecord, definition: PipelineDefinition, not_started: Collection[str]
) -> Iterator[Case]:
    for step in definition.all_steps():
        state = state_of(step.name, record, not_started)
        yield _step(f"{record.pipeline_name}.steps", step.name, state, record.step(step.name))


def _step(group: str, name: str, state: StepState, record: StepRecord | None) -> Case:
    seconds = _seconds(record)
    if state is StepState.SUCCEEDED:
        return Case(group, name, seconds)
    if record is None or state not in (StepState.FAILED, StepState.STOPPED):
        return Case(group, name, seconds, "skipped", state.value)
    reason = record.failure_reason or record.exit_message or f"{state.value}, no reason was given"
    lines = "\n".join(record.result.log_tail) if record.result else ""
    said = [reason, f"exit message: {record.exit_message}" if record.exit_message else ""]
    said += [f"last lines of the log:\n{lines}" if lines else ""]
    outcome = "failure" if state is StepState.FAILED else "error"
    return Case(group, name, seconds, outcome, reason, "\n\n".join(part for part in said if part))


def _findings(record: ExecutionRecord, fail_on: str) -> Iterator[Case]:
    """Every code of the data flow, and of the others those that were found."""
    found: dict[str, list[Finding]] = {}
    for finding in record.findings:
        found.setdefault(finding.code, []).append(finding)
    flow = [code for code in KINDS if code.startswith(_FLOW)]
    for code in dict.fromkeys([*flow, *sorted(found)]):
        yield _finding(record, code, found.get(code, []), fail_on)


def _finding(record: ExecutionRecord, code: str, findings: list[Finding], fail_on: str) -> Case:
    group = f"{record.pipeline_name}.{'data flow' if code.startswith(_FLOW) else 'findings'}"
    name = f"{code} {ALL_KINDS[code].title}" if code in ALL_KINDS else code
    grave = [finding for finding in findings if fails([finding], fail_on)]
    told = "\n\n".join(map(_told, findings))
    if grave:
        return Case(group, name, outcome="failure", message=grave[0].message, detail=told)
    if not findings and record.status is not ExecutionStatus.SUCCEEDED:
        message = f"the execution is {record.status.value}: only a part could be judged"
        return Case(group, name, outcome="skipped", message=message)
    return Case(group, name, output=told)


def _told(finding: Finding) -> str:
    facts = {
        "at": finding.where,
        "and": finding.also,
        "expected": finding.expected,
        "observed": finding.observed,
        "suppressed because": finding.suppressed,
    }
    lines = [f"{finding.severity.value}: {finding.message}"]
    lines += [f"  {name} {value}" for name, value in facts.items() if value]
    return "\n".join([*lines, *([f"  -> {finding.hint}"] if finding.hint else [])])


def _not_well(record: ExecutionRecord) -> Case:
    """An execution that did not succeed must not look as if it had, even if no step says so."""
    reason = record.failure_reason or f"the execution is {record.status.value}"
    return Case(f"{record.pipeline_name}.steps", "the execution", 0.0, "error", reason, reason)


def _red(case: Case) -> bool:
    return case.outcome in ("failure", "error")


def _seconds(record: StepRecord | None) -> float:
    if record is None or record.started_at is None or record.ended_at is None:
        return 0.0
    return (record.ended_at - record.started_at).total_seconds()


def _properties(record: ExecutionRecord) -> Iterator[tuple[str, str]]:
    yield "execution", record.arn
    yield "status", record.status.value
    if record.prefix:
        yield "prefix", record.prefix
    for named, ran in substitutions(images_of(record)).items():
        yield f"image {named}", ran
    for step in record.steps:
        if step.substitute is not None:
            yield f"substituted {step.name}", step.substitute


def _totals(suite: Suite) -> dict[str, str]:
    outcomes = [case.outcome for case in suite.cases]
    return {
        "tests": str(len(suite.cases)),
        "failures": str(outcomes.count("failure")),
        "errors": str(outcomes.count("error")),
        "skipped": str(outcomes.count("skipped")),
        "time": f"{suite.seconds:.3f}",
    }


def _element(case: Case) -> Element:
    """Only characters that XML 1.0 can hold get in: the serializer would let others through."""
    made = Element(
        "testcase",
        {"classname": printable(case.group), "name": printable(case.name), "time": f"{case.seconds:.3f}"},
    )
    if case.outcome is not None:
        kind = {} if case.outcome == "skipped" else {"type": case.outcome}
        outcome = SubElement(made, case.outcome, {"message": printable(case.message), **kind})
        outcome.text = printable(case.detail) or None
    if case.output:
        SubElement(made, "system-out").text = printable(case.output)
    return made
