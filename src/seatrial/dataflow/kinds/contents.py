"""The codes of what is inside the data that flows, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind

CONTENT_KINDS: tuple[FindingKind, ...] = ()
