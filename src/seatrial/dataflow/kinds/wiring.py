"""The codes of how steps are wired, and what lies in text that should be a reference, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind

WIRING_KINDS: tuple[FindingKind, ...] = ()
