"""From findings to a SARIF document; reads nothing, and leaves out what it says it leaves out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.printable import printable
from seatrial.reports.sarif.document import (
    ArtifactLocation,
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

_URI = re.compile(r"[a-z][a-z0-9+.-]*://")


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
    """The document; of more than `MOST_RESULTS` findings the gravest."""
    gravity = list(Severity)
    ordered = sorted(judged.findings, key=lambda found: (gravity.index(found.severity), found.code))
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
                results=tuple(_result(judged, found, codes.index(found.code)) for found in kept),
                properties={name: printable(value) for name, value in judged.properties.items()},
            ),
        )
    )


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


def _result(judged: Judged, found: Finding, rule: int) -> Result:
    facts = {"expected": found.expected, "observed": found.observed, "hint": found.hint, "step": found.step}
    fingerprint = _fingerprint(judged, found)
    return Result(
        rule_id=found.code,
        rule_index=rule,
        level=found.severity.value,
        message=Message(text=_message(found)),
        locations=(_location(judged, found),),
        related_locations=tuple(_related(judged, found)) or None,
        suppressions=(Suppression(justification=printable(found.suppressed)),) if found.suppressed else None,
        # GitHub compares results by the first alone.
        partial_fingerprints={"primaryLocationLineHash": f"{fingerprint}:1", "seatrial/v1": fingerprint},
        properties={name: printable(value) for name, value in facts.items() if value},
    )


def _message(found: Finding) -> str:
    """All in one text: a list of alerts shows no more."""
    sentence = found.message if found.message.endswith(".") else f"{found.message}."
    facts = (("Expected", found.expected), ("Observed", found.observed), ("See also", found.also))
    said = [f"{name}: {value}." for name, value in facts if value]
    return printable(" ".join([sentence[:1].upper() + sentence[1:], *said]))


def _location(judged: Judged, found: Finding) -> Location:
    pointer = found.where if found.where.startswith("/") else _step_pointer(judged, found.step)
    return Location(
        physical_location=judged.file.location(pointer, found.step),
        logical_locations=(
            LogicalLocation(
                name=found.step,
                fully_qualified_name="".join([judged.pipeline, f"/{found.step}" if found.step else ""])
                + (f"#{found.where}" if found.where else ""),
                kind="member" if found.step else "module",
            ),
        ),
    )


def _step_pointer(judged: Judged, step: str | None) -> str:
    known = judged.definition.step(step) if judged.definition and step else None
    return known.pointer if known else ""


def _related(judged: Judged, found: Finding) -> Iterator[Location]:
    """The other end of the flow, and an object or setting that the finding is about."""
    own = found.where if not found.where.startswith("/") else ""
    for number, place in enumerate([place for place in (own, found.also) if place], start=1):
        yield Location(id=number, physical_location=_physical(judged, place), message=Message(text=place))


def _physical(judged: Judged, place: str) -> PhysicalLocation | None:
    if place.startswith("/"):
        return judged.file.location(place, None)
    if _URI.match(place):
        return PhysicalLocation(
            artifact_location=ArtifactLocation(uri=quote(place, safe=":/?#[]@!$&'()*+,;=%~"))
        )
    return None


def _fingerprint(judged: Judged, found: Finding) -> str:
    """The same for the same finding of another execution: its id and prefix are left out of account."""
    ends = [_lasting(judged, end) for end in (found.where, found.also or "")]
    return hashlib.sha256("\n".join([found.code, found.step or "", *ends]).encode()).hexdigest()[:32]


def _lasting(judged: Judged, end: str) -> str:
    for changing, name in ((judged.prefix, "{prefix}"), (judged.execution, "{execution}")):
        end = end.replace(changing, name) if changing else end
    steps = judged.definition.all_steps() if judged.definition and end.startswith("/") else ()
    within = [step for step in steps if f"{end}/".startswith(f"{step.pointer}/")]
    innermost = max(within, key=lambda step: len(step.pointer), default=None)
    return f"{{{innermost.name}}}{end.removeprefix(innermost.pointer)}" if innermost else end
