"""Findings as SARIF 2.1.0, for GitHub code scanning and whoever else reads it."""

from __future__ import annotations

from seatrial.reports.sarif.building import MOST_RESULTS, Judged, sarif_of
from seatrial.reports.sarif.document import SarifLog
from seatrial.reports.sarif.files import DefinitionFile

__all__ = ["MOST_RESULTS", "DefinitionFile", "Judged", "SarifLog", "sarif_of"]
