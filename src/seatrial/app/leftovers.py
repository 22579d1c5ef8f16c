"""What a killed process left of an execution: containers, and what was staged for them."""

from __future__ import annotations

from seatrial.app.parts import Parts
from seatrial.engines.native.staging import clear_stage
from seatrial.execution.folders import attempt_folders
from seatrial.runners.labels import EXECUTION_LABEL


def sweep(parts: Parts, execution_id: str) -> int:
    """Remove it; how many containers there were. Nobody may be driving the execution."""
    containers = parts.runner.sweep({EXECUTION_LABEL: execution_id})
    for folder in attempt_folders(parts.settings, execution_id):
        clear_stage(folder, parts.runner)
    return containers
