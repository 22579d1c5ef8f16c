"""Whether a pipeline runs here, in one line and as JSON: so that "runs unchanged" can be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rich.text import Text

from seatrial.errors import SeatrialError
from seatrial.ports.findings import Finding
from seatrial.ports.substitutes import Substitute
from seatrial.reports.findings import tally
from seatrial.reports.json_report import FindingReport, Report, finding_report
from seatrial.reports.refusal import refusal_findings
from seatrial.reports.text import shown

VerdictKind = Literal["runs", "runs-with-substitutes", "does-not-run"]
_TOLD = 5
_STYLES: Mapping[VerdictKind, str] = {
    "runs": "bold green",
    "runs-with-substitutes": "bold green",
    "does-not-run": "bold red",
}


@dataclass(frozen=True)
class Verdict:
    """`substitutes` are steps with what does their work; `reasons` are why nothing would start."""

    substitutes: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[Finding] = ()

    @property
    def kind(self) -> VerdictKind:
        """One of three."""
        if self.reasons:
            return "does-not-run"
        return "runs-with-substitutes" if self.substitutes else "runs"


class SubstitutedStepReport(Report):
    """One step that something else does the work of."""

    step: str
    by: str


class VerdictReport(Report):
    """Whether the pipeline runs here: `runs`, `runs-with-substitutes` or `does-not-run`, and why not."""

    kind: VerdictKind
    substitutes: tuple[SubstitutedStepReport, ...]
    reasons: tuple[FindingReport, ...]


class PlanRefusalReport(Report):
    """`plan` of what cannot be planned: the findings of every refusal, and the verdict."""

    findings: tuple[FindingReport, ...]
    verdict: VerdictReport


def verdict_on(substitutes: Mapping[str, Substitute], blocking: Iterable[Finding]) -> Verdict:
    """Of a plan."""
    return Verdict({name: each.said for name, each in substitutes.items()}, tuple(blocking))


def verdict_report(verdict: Verdict) -> VerdictReport:
    """For programs."""
    return VerdictReport(
        kind=verdict.kind,
        substitutes=tuple(
            SubstitutedStepReport(step=name, by=said) for name, said in verdict.substitutes.items()
        ),
        reasons=tuple(map(finding_report, verdict.reasons)),
    )


def refusal_report(refused: SeatrialError) -> PlanRefusalReport:
    """A definition that was refused."""
    reasons = refusal_findings(refused)
    return PlanRefusalReport(
        findings=tuple(map(finding_report, reasons)), verdict=verdict_report(Verdict(reasons=reasons))
    )


def verdict_line(verdict: Verdict, errors: Sequence[Finding] = ()) -> Text:
    """For people; `errors` are those with which a run would end, and that keep none from starting."""
    style = _STYLES[verdict.kind]
    if verdict.reasons:
        return shown(f"does not run because {_listed(verdict.reasons)}", style)
    said = "runs"
    if verdict.substitutes:
        named = ", ".join(f"{name} ({by})" for name, by in verdict.substitutes.items())
        said = f"runs with substitutes for {named}"
    if errors:
        return shown(f"{said}, and ends with what is said above: {tally(errors)}", "yellow")
    return shown(said, style)


def refusal_line(refused: SeatrialError) -> Text:
    """The same of a definition that was refused."""
    return verdict_line(Verdict(reasons=refusal_findings(refused)))


def _listed(reasons: Sequence[Finding]) -> str:
    told = [_reason(found) for found in reasons[:_TOLD]]
    more = len(reasons) - len(told)
    return "; ".join([*told, f"and {more} more"] if more else told)


def _reason(found: Finding) -> str:
    """In one line: of a hint with lines to copy, only that it stands in full above."""
    beginning = found.hint.partition("\n")[0]
    hint = "what to write is said above" if beginning.endswith(":") else beginning
    message = " ".join(found.message.split())
    return f"{message} ({hint})" if hint else message
