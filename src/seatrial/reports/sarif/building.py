"""From findings to a SARIF document; reads nothing, and leaves out what it says it leaves out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote

from seatrial.definition import PipelineDefinition, Step
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.printable import printable
from seatrial.reports.sarif.document import (
    AutomationDetails,
    Invocation,
    Location,
    LogicalLocation,
    Message,
    Notification,
    PhysicalLocation,
    Result,
    Run,
    SarifLog,
    Suppression,
)
from seatrial.reports.sarif.files import DefinitionFile
from seatrial.reports.sarif.rules import tool_of

MOST_RESULTS = 5000
"""GitHub keeps no more of one run."""

# What ends the name of a job is another each time.
_JOB = re.compile(r"(\{execution\}(?:-[A-Za-z0-9-]+?)?)-[A-Za-z0-9]{10}(?![A-Za-z0-9-])")
_NO_JSON = "ST001"  # where a pointer leads nowhere
_LINE_AND_COLUMN = re.compile(r":(\d+):(\d+)$")
_IN_THE_DEFINITION = ("/Steps/", "/Parameters/")


@dataclass(frozen=True)
class Judged:
    """What was judged, and what was found of it; `execution` has an id, a prefix and times if there was one.

    `incomplete` says why only a part could be judged.
    """

    pipeline: str
    file: DefinitionFile
    findings: Sequence[Finding]
    definition: PipelineDefinition | None = None
    execution: str | None = None
    prefix: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    incomplete: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


def sarif_of(judged: Judged) -> SarifLog:
    """The document; of more than `MOST_RESULTS` findings the gravest, what is accepted last."""
    ordered = sorted(judged.findings, key=_gravity)
    kept = ordered[:MOST_RESULTS]
    codes = list(dict.fromkeys(sorted(found.code for found in kept)))
    return SarifLog(
        runs=(
            Run(
                tool=tool_of(codes, kept),
                automation_details=AutomationDetails(
                    id=f"seatrial/{quote(judged.pipeline)}/{judged.execution or ''}"
                ),
                invocations=(_invocation(judged, len(ordered) - len(kept)),),
                results=tuple(_results(judged, kept, codes)),
                properties={name: printable(value) for name, value in judged.properties.items()},
            ),
        )
    )


def _gravity(found: Finding) -> tuple[bool, int, str]:
    return found.suppressed is not None, list(Severity).index(found.severity), found.code


def _invocation(judged: Judged, left_out: int) -> Invocation:
    said = (
        [Notification(level="warning", message=Message(text=judged.incomplete))] if judged.incomplete else []
    )
    if left_out:
        text = f"{left_out} findings, none graver than those here, are left out: {MOST_RESULTS} is the limit."
        said.append(Notification(level="warning", message=Message(text=text)))
    return Invocation(
        execution_successful=True,
        start_time_utc=_utc(judged.started_at),
        end_time_utc=_utc(judged.ended_at),
        tool_execution_notifications=tuple(said) or None,
    )


def _utc(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _results(judged: Judged, findings: Sequence[Finding], codes: Sequence[str]) -> Iterator[Result]:
    """Each with its number among those of one fingerprint: GitHub shows equal ones as one."""
    told: Counter[str] = Counter()
    for found in findings:
        fingerprint = _fingerprint(judged, found)
        told[fingerprint] += 1
        yield _result(judged, found, codes.index(found.code), fingerprint, told[fingerprint])


def _result(judged: Judged, found: Finding, rule: int, fingerprint: str, number: int) -> Result:
    facts = {"expected": found.expected, "observed": found.observed, "hint": found.hint, "step": found.step}
    return Result(
        rule_id=found.code,
        rule_index=rule,
        level=found.severity.value,
        message=Message(text=_message(found)),
        locations=(_location(judged, found),),
        related_locations=tuple(_related(judged, found)) or None,
        suppressions=(Suppression(justification=printable(found.suppressed)),) if found.suppressed else None,
        # GitHub compares results by the first alone.
        partial_fingerprints={
            "primaryLocationLineHash": f"{fingerprint}:{number}",
            "seatrial/v1": fingerprint,
        },
        properties={name: printable(value) for name, value in facts.items() if value},
    )


def _message(found: Finding) -> str:
    """All in one text: a list of alerts shows no more."""
    sentence = found.message if found.message.endswith(".") else f"{found.message}."
    place = found.where if "://" in found.where else None
    facts = (
        ("At", place),
        ("Expected", found.expected),
        ("Observed", found.observed),
        ("See also", found.also),
    )
    said = [f"{name}: {value}." for name, value in facts if value]
    return printable(" ".join([sentence[:1].upper() + sentence[1:], *said]))


def _location(judged: Judged, found: Finding) -> Location:
    return Location(
        physical_location=_physical(judged, found),
        logical_locations=(
            LogicalLocation(
                name=found.step,
                fully_qualified_name="".join([judged.pipeline, f"/{found.step}" if found.step else ""])
                + (f"#{found.where}" if found.where else ""),
                kind="member" if found.step else "module",
            ),
        ),
    )


def _physical(judged: Judged, found: Finding) -> PhysicalLocation:
    told = _LINE_AND_COLUMN.search(found.where) if found.code == _NO_JSON else None
    if told:
        return judged.file.at(int(told[1]), int(told[2]))
    pointer = found.where if found.where.startswith("/") else _step_pointer(judged, found.step)
    return judged.file.location(pointer, found.step)


def _step_pointer(judged: Judged, step: str | None) -> str:
    return judged.definition.pointer_of(step) if judged.definition and step else ""


def _related(judged: Judged, found: Finding) -> Iterator[Location]:
    """The other end of the flow, where it is in the definition.

    An object is in the text alone: for one URI of another scheme than `file` GitHub refuses the whole file.
    """
    if found.also and found.also.startswith(_IN_THE_DEFINITION):
        step = _step_at(judged, found.also)
        physical = judged.file.location(found.also, step.name if step else None)
        yield Location(id=1, physical_location=physical, message=Message(text=found.also))


def _fingerprint(judged: Judged, found: Finding) -> str:
    """The same for the same finding of another execution: its id and prefix are left out of account."""
    ends = [_lasting(judged, end) for end in (found.where, found.also or "")]
    return hashlib.sha256("\n".join([found.code, found.step or "", *ends]).encode()).hexdigest()[:32]


def _lasting(judged: Judged, end: str) -> str:
    for changing, name in ((judged.prefix, "{prefix}"), (judged.execution, "{execution}")):
        end = end.replace(changing, name) if changing else end
    end = _JOB.sub(r"\1", end)
    innermost = _step_at(judged, end)
    return f"{{{innermost.name}}}{end.removeprefix(innermost.pointer)}" if innermost else end


def _step_at(judged: Judged, pointer: str) -> Step | None:
    """The innermost step that the pointer leads into."""
    steps = judged.definition.all_steps() if judged.definition and pointer.startswith("/") else ()
    within = [step for step in steps if f"{pointer}/".startswith(f"{step.pointer}/")]
    return max(within, key=lambda step: len(step.pointer), default=None)
