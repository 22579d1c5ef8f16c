"""What is said when nothing is run: the error as findings, for people and for programs."""

from __future__ import annotations

from seatrial.errors import DefinitionError, EnvironmentUnfitError, SeatrialError
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.json_report import findings_report
from seatrial.reports.text import clean


def refusal_findings(error: SeatrialError) -> tuple[Finding, ...]:
    """A definition's own findings; else one, with the error's slug for a code where it has no code."""
    if isinstance(error, DefinitionError):
        return error.findings
    code = error.code if isinstance(error, EnvironmentUnfitError) else error.slug
    return (Finding(code, Severity.ERROR, error.message, where=error.where or "", hint=error.hint or ""),)


def refusal_json(error: SeatrialError) -> str:
    """`{"findings": […]}`."""
    return findings_report(refusal_findings(error)).as_text()


def refusal_text(error: SeatrialError) -> str:
    """A paragraph for each finding: what, where, what to do."""
    return "\n".join(_paragraph(found) for found in refusal_findings(error))


def _paragraph(found: Finding) -> str:
    lines = [f"{found.severity.value} {found.code}: {found.message}"]
    lines += [f"  at {found.where}"] if found.where else []
    lines += [f"  → {found.hint}"] if found.hint else []
    return "\n".join(clean(line) for line in lines)
