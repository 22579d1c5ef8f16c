"""The codes of what script contracts promise and the definition does, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind

CONTRACT_KINDS: tuple[FindingKind, ...] = ()
