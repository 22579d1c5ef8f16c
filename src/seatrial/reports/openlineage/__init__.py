"""An execution in the words of OpenLineage, for catalogues and lineage servers; sends nothing itself."""

from __future__ import annotations

from seatrial.reports.openlineage.events import events_of
from seatrial.reports.openlineage.model import RunEvent

__all__ = ["RunEvent", "events_of"]
