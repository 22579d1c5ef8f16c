"""The file that a definition came from, and where in it a finding is; reads no file itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from seatrial.reports.sarif.document import ArtifactLocation, PhysicalLocation, Region
from seatrial.reports.sarif.json_places import JsonPlaces

ROOT = "%SRCROOT%"
_FIRST_LINE = Region(start_line=1)


@dataclass(frozen=True)
class DefinitionFile:
    """`uri` is relative to the root of the sources, or absolute; `text` what is in it.

    Of a definition a JSON pointer leads to its lines; of code the step's name does, where it stands there
    as a text.
    """

    uri: str
    text: str

    def location(self, pointer: str, step: str | None) -> PhysicalLocation:
        """Where the finding is; the first line if nothing tells."""
        return PhysicalLocation(artifact_location=self.artifact, region=self._region(pointer, step))

    def at(self, line: int, column: int) -> PhysicalLocation:
        """A place that is known already; of code that made the text, the first line."""
        known = Region(start_line=line, start_column=column) if self._is_json else _FIRST_LINE
        return PhysicalLocation(artifact_location=self.artifact, region=known)

    @property
    def _is_json(self) -> bool:
        return self.text.lstrip().startswith("{")

    @cached_property
    def artifact(self) -> ArtifactLocation:
        """The file itself."""
        absolute = re.match(r"[a-z][a-z0-9+.-]*:", self.uri) is not None
        return ArtifactLocation(uri=self.uri, uri_base_id=None if absolute else ROOT)

    @cached_property
    def _places(self) -> JsonPlaces:
        return JsonPlaces(self.text)

    def _region(self, pointer: str, step: str | None) -> Region:
        if not self._is_json:
            return self._line_of(step) if step else _FIRST_LINE
        found = self._places.of(pointer)
        if found is None:
            return _FIRST_LINE
        if found.end_line != found.line:  # a whole step: its first line is enough
            return Region(start_line=found.line, start_column=found.column)
        return Region(
            start_line=found.line,
            start_column=found.column,
            end_line=found.end_line,
            end_column=found.end_column,
        )

    def _line_of(self, step: str) -> Region:
        found = re.search(rf"""(["']){re.escape(step)}\1""", self.text)
        return Region(start_line=self.text.count("\n", 0, found.start()) + 1) if found else _FIRST_LINE
