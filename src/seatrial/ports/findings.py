"""What is wrong with a pipeline, said once and rendered many ways (text, JSON, SARIF, JUnit)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """How much a finding weighs; the order of the members is the order of gravity."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def at_least(self, other: Severity) -> bool:
        """Whether this is as grave as `other`, or graver."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True)
class Finding:
    """One observation about one place.

    `code` is stable (`ST0xx` the definition, `ST1xx` the data flow, `ST2xx` images and settings,
    `ST3xx` the environment). `where` is a JSON pointer into the definition, or a URI; `also` is the
    other end of the flow where there is one. `suppressed` is the reason why the project accepts it: it is
    shown, and weighs nothing.
    """

    code: str
    severity: Severity
    message: str
    where: str = ""
    hint: str = ""
    step: str | None = None
    also: str | None = None
    expected: str | None = None
    observed: str | None = None
    suppressed: str | None = None


def fails(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether one of them weighs at least `fail_on` (a severity, or `never`)."""
    return fail_on != "never" and any(
        found.severity.at_least(Severity(fail_on)) for found in findings if found.suppressed is None
    )


@dataclass(frozen=True)
class FindingKind:
    """What a code stands for, for people: each room keeps a table of its own codes.

    `severity` is the usual one; where it depends on the case, `meaning` says on what.
    """

    code: str
    severity: Severity
    title: str
    meaning: str
    example: str
    remedy: str
