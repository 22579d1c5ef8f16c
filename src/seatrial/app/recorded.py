"""An execution of this project for a program that asks about it: its record, its registry, the store."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.definition import PipelineDefinition
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.storage import ObjectStore
from seatrial.settings import Settings, load_settings


@dataclass(frozen=True)
class RecordedExecution:
    """What is known of one execution; the store is looked for, and started, when it is first asked for."""

    record: ExecutionRecord
    definition: PipelineDefinition
    registry: S3OutputPathRegistry
    parts: Parts

    @property
    def store(self) -> ObjectStore:
        """The project's store."""
        return self.parts.store


def recorded_execution(wanted: str = "latest", settings: Settings | None = None) -> RecordedExecution:
    """The execution of that id or ARN, or the latest one of the project in the current folder."""
    parts = Parts(settings or load_settings(), _say)
    found = trial.recorded(parts, wanted)
    return RecordedExecution(found.record, found.definition, found.registry, parts)


def _say(line: str) -> None:
    print(line, file=sys.stderr)
