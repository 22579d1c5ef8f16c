"""The codes of what changes when only the prefix, the account or the region does, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind

PORTABILITY_KINDS: tuple[FindingKind, ...] = ()
