"""A plan of a definition with substitutes, over parts that touch no machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.app.parts import Parts
from seatrial.app.planning import planned
from seatrial.app.wishes import Wishes
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding
from seatrial.reports.plan import PlanView
from tests.adapters.pipelines import pipeline
from tests.adapters.plausible_parts import plausible_parts


@dataclass
class Planning:
    """A folder with local data, and plans of small pipelines."""

    folder: Path
    wishes: dict[str, Any] = field(default_factory=dict)

    def local(self, name: str, text: str = "1,2\n") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def parts(self, substitutes: dict[str, Any]) -> Parts:
        return plausible_parts(self.folder, substitutes=substitutes)

    def plan(self, *steps: dict[str, Any], **substitutes: Any) -> PlanView:
        text = pipeline(*steps).text
        return planned(self.parts(substitutes), Wishes("Churn", text, "p.json", **self.wishes))

    def refused(self, *steps: dict[str, Any], **substitutes: Any) -> list[Finding]:
        """The errors of a plan that is refused; none where it is not."""
        try:
            self.plan(*steps, **substitutes)
        except DefinitionError as refused:
            return list(refused.findings)
        return []
