"""Where an execution keeps what is too large or too plain for the records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seatrial.engines.tuning.recipes import FOLDER as JOBS
from seatrial.settings import Settings

DEFINITION = "definition.json"
TRACEBACK = "traceback.txt"


def execution_folder(settings: Settings, execution_id: str) -> Path:
    """The folder of one execution; absolute, because containers will see parts of it."""
    return settings.state_dir.absolute() / "executions" / execution_id


def attempt_folder(settings: Settings, execution_id: str, step_name: str, attempt: int) -> Path:
    """The folder of one attempt of one step."""
    return execution_folder(settings, execution_id) / "steps" / step_name / f"attempt-{attempt}"


def attempt_folders(settings: Settings, execution_id: str) -> Iterator[Path]:
    """The folders of all attempts of all its steps so far, and of the jobs that such a job has of its own."""
    root = execution_folder(settings, execution_id)
    for pattern in ("steps/*/attempt-*", f"steps/*/attempt-*/{JOBS}/*"):
        yield from root.glob(pattern)


def job_folders(attempt: Path) -> dict[str, Path]:
    """Of an attempt at a job that is made of jobs, the folder of each by its name."""
    return {folder.name: folder for folder in sorted((attempt / JOBS).glob("*"))}
