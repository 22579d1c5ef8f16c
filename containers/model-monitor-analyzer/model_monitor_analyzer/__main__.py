"""The job: read the variables, analyze, write the files, say how it ended."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_monitor_analyzer.analysis import Documents, analyze
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.hosts import is_idle, sharded_inputs
from model_monitor_analyzer.json_text import to_json
from model_monitor_analyzer.scripts import run_postprocessor
from model_monitor_analyzer.settings import read_settings

MESSAGE = Path("/opt/ml/output/message")
_FAILED = 255


def main() -> int:
    """The exit code; a violation is no failure of the job."""
    if is_idle():
        print("another host of the job does the work")
        return 0
    try:
        if sharded_inputs():
            raise JobFaultError(f"not supported here: sharded inputs ({', '.join(sharded_inputs())})")
        settings = read_settings()
        documents = analyze(settings)
        settings.output.mkdir(parents=True, exist_ok=True)
        _write(settings.output / "statistics.json", documents.statistics)
        _write(settings.output / "constraints.json", documents.constraints)
        if documents.violations:
            _write(settings.output / "constraint_violations.json", {"violations": documents.violations})
        if settings.postprocessor:
            run_postprocessor(settings.postprocessor, settings.environment)
    except JobFaultError as fault:
        return _fail(str(fault))
    _say(_ending(documents))
    return 0


def _ending(documents: Documents) -> str:
    for note in documents.unchecked:
        print(f"not checked: {note}")
    for violation in documents.violations:
        about = violation.get("feature_name") or violation["metric_name"]
        print(f"{violation['constraint_check_type']}: {about}: {violation['description']}")
    if documents.violations:
        count = len(documents.violations)
        return f"CompletedWithViolations: Job completed successfully with {count} violations."
    return "Completed: Job completed successfully with no violations."


def _fail(reason: str) -> int:
    _say(f"Error: {reason}")
    return _FAILED


def _say(message: str) -> None:
    print(message)
    MESSAGE.parent.mkdir(parents=True, exist_ok=True)
    MESSAGE.write_text(message, encoding="utf-8")


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(to_json(document), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
