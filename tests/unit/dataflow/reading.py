"""How the tests of this room read findings."""

from __future__ import annotations

from collections.abc import Iterable

from seatrial.ports.findings import Finding


def codes(findings: Iterable[Finding]) -> list[str]:
    return [found.code for found in findings]


def only(findings: Iterable[Finding], code: str) -> Finding:
    (found,) = [found for found in findings if found.code == code]
    return found
