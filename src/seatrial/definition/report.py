"""Collects findings while a document is read, and makes near-miss suggestions; decides nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from seatrial.ports.findings import Finding, Severity

PREFIX = "Unable to parse pipeline definition. "  # how the service begins such a refusal


@dataclass
class Report:
    """The findings so far, in the order in which they were made."""

    findings: list[Finding] = field(default_factory=list)

    def error(
        self,
        code: str,
        message: str,
        where: str,
        hint: str,
        *,
        step: str | None = None,
        also: str | None = None,
    ) -> None:
        """Something that the service would refuse."""
        self.findings.append(Finding(code, Severity.ERROR, message, where, hint, step=step, also=also))


def suggestion(name: object, known: Iterable[str]) -> str:
    """`did you mean 'Preprocess'?` where a known name is close, else the choice there is."""
    names = list(known)
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6) if len(names) <= _COMPARED else []
    if not close:
        close = [other for other in names if other.lower() == str(name).lower()][:1]
    if close:
        return f"did you mean {close[0]!r}?"
    return f"use one of: {listed(names)}" if names else "there is none to choose from"


def listed(names: Iterable[str], most: int = 12) -> str:
    """The names in one line, cut where they become many."""
    known = [str(name) for name in names]
    more = f", … ({len(known) - most} more)" if len(known) > most else ""
    return ", ".join(known[:most]) + more


_COMPARED = 400  # a document full of misspellings must not compare each with thousands of names
