"""The codes of what a step's own code was seen to do behind the definition's back, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind

OBSERVED_KINDS: tuple[FindingKind, ...] = ()
