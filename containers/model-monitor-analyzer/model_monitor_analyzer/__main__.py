"""The job: read the variables, analyze, write the files, say how it ended."""

from __future__ import annotations

import sys

from model_monitor_analyzer.analysis import Documents, analyze
from model_monitor_analyzer.ending import completed, say, write
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.hosts import is_idle, sharded_inputs
from model_monitor_analyzer.scripts import run_postprocessor
from model_monitor_analyzer.settings import read_settings

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
        write(settings.output / "statistics.json", documents.statistics)
        write(settings.output / "constraints.json", documents.constraints)
        if documents.violations:
            write(settings.output / "constraint_violations.json", {"violations": documents.violations})
        if settings.postprocessor:
            run_postprocessor(settings.postprocessor, settings.environment)
    except JobFaultError as fault:
        return _fail(str(fault))
    say(_ending(documents))
    return 0


def _ending(documents: Documents) -> str:
    for note in documents.unchecked:
        print(f"not checked: {note}")
    for violation in documents.violations:
        about = violation.get("feature_name") or violation["metric_name"]
        print(f"{violation['constraint_check_type']}: {about}: {violation['description']}")
    return completed(len(documents.violations))


def _fail(reason: str) -> int:
    say(f"Error: {reason}")
    return _FAILED


if __name__ == "__main__":
    sys.exit(main())
