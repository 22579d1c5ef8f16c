"""The codes of what the execution role's policy allows, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind

PERMISSION_KINDS: tuple[FindingKind, ...] = ()
