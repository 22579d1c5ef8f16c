"""What a job leaves at its end: its files, and the message that becomes its ExitMessage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_monitor_analyzer.json_text import to_json

MESSAGE = Path("/opt/ml/output/message")


def write(path: Path, document: Mapping[str, Any]) -> None:
    """One of the files, as JSON."""
    path.write_text(to_json(document), encoding="utf-8")


def say(message: str) -> None:
    """The last words, in the log and for the service."""
    print(message)
    MESSAGE.parent.mkdir(parents=True, exist_ok=True)
    MESSAGE.write_text(message, encoding="utf-8")


def completed(violations: int) -> str:
    """The last words of a job that has done its work; a violation is no failure of it."""
    if violations:
        return f"CompletedWithViolations: Job completed successfully with {violations} violations."
    return "Completed: Job completed successfully with no violations."
