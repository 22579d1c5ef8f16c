"""Every code of this room, explained; `finding` makes no finding of a code that is not here."""

from __future__ import annotations

from seatrial.dataflow.kinds import ALL
from seatrial.ports.findings import Finding, FindingKind, Severity

KINDS: dict[str, FindingKind] = {kind.code: kind for kind in ALL}


def finding(
    code: str,
    message: str,
    *,
    where: str,
    severity: Severity | None = None,
    hint: str | None = None,
    step: str | None = None,
    also: str | None = None,
    expected: str | None = None,
    observed: str | None = None,
) -> Finding:
    """A finding with the code's usual severity and remedy where the case gives no better ones."""
    kind = KINDS[code]
    return Finding(
        code, severity or kind.severity, message, where, hint or kind.remedy, step, also, expected, observed
    )


def counted(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
