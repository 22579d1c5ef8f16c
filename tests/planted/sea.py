"""Runs a definition as `seatrial run` does, against the session's store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.trial import Trial
from seatrial.app.wishes import Wishes
from seatrial.definition import PipelineDefinition
from seatrial.execution import Control
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.settings import Settings


@dataclass(frozen=True)
class Sea:
    """What the cases run on; `folder` is the project's."""

    folder: Path
    settings: Settings
    address: StoreAddress

    def parts(self, **settings: Any) -> Parts:
        """The parts with the image `python` standing for the base, and settings of the case on top."""
        chosen = self.settings.model_copy(update={"images": {"python": "base"}, **settings})
        return Parts(Settings.model_validate(chosen.model_dump()), print, address=self.address)

    def run(self, parts: Parts, definition: PipelineDefinition, prefix: str) -> Trial:
        """One run to its end."""
        wishes = Wishes("Planted", definition.text, definition.source, prefix=prefix)
        return trial.run(parts, wishes, Control(), lambda record, definition: lambda event: None)

    def put(self, parts: Parts, objects: Mapping[str, bytes], prefix: str) -> None:
        """Lay objects down; `{prefix}` in a URI is the run's own."""
        for uri, content in objects.items():
            parts.store.write(S3Uri.parse(uri.replace("{prefix}", prefix)), content)
