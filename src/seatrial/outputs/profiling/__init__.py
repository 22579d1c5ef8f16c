"""Looks into files: tables, archives, and what is neither of what its name says; knows no store, no step."""

from __future__ import annotations

from seatrial.outputs.profiling.files import profile_file
from seatrial.outputs.profiling.formats import ARCHIVES, format_of
from seatrial.outputs.profiling.parquet import INSTALL
from seatrial.outputs.profiling.tables import pattern_of, profile_of

__all__ = ["ARCHIVES", "INSTALL", "format_of", "pattern_of", "profile_file", "profile_of"]
