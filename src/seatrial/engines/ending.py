"""A job's terminal status in AWS's words; how it is arrived at is each engine's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seatrial.engines import failures


@dataclass(frozen=True)
class Ending:
    """The job's terminal status in AWS's words; `uploads` says whether outputs are staged out."""

    status: Literal["Completed", "Failed", "Stopped"]
    secondary_status: str
    failure_reason: str | None = None
    exit_message: str | None = None
    uploads: bool = False


def failed(reason: str) -> Ending:
    """A job that failed before or after its container ran."""
    return Ending("Failed", "Failed", failures.cut(reason))


STOPPED = Ending("Stopped", "Stopped")
COMPLETED = Ending("Completed", "Completed", uploads=True)
