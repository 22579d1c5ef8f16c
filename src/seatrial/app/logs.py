"""The log of a step, as its container wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.errors import RecordError
from seatrial.execution import attempt_folder
from seatrial.execution.folders import job_folders
from seatrial.ports.executions import ExecutionRecord

POLL_SECONDS = 0.3
# What stands behind the number in the name of a tuning job's training job.
_DIGITS = len("-01234567")


def log_of(
    parts: Parts, execution: str, step: str, attempt: int | None = None, part: str | None = None
) -> Path:
    """The file; an unknown step or attempt is an error that lists what there is.

    `part` is one of the jobs that the step's job consists of, by name or by number.
    """
    record = parts.records.execution(execution)
    found = record.step(step)
    if found is None:
        names = [each.name for each in record.steps]
        near = difflib.get_close_matches(step, names, n=1)
        raise RecordError(
            f"execution {record.execution_id} has no step {step!r}; it has {', '.join(names) or 'none yet'}",
            slug="unknown-step",
            where=record.arn,
            hint=f"did you mean {near[0]}?" if near else "seatrial status lists the steps",
        )
    if attempt is not None and attempt > found.attempts:
        raise RecordError(
            f"step {step!r} has no attempt {attempt}",
            slug="no-attempt",
            where=record.arn,
            hint=f"it has {found.attempts}; without --attempt you get the last",
        )
    folder = attempt_folder(parts.settings, record.execution_id, step, attempt or found.attempts)
    log = folder / "log.txt"
    if found.reuse is not None and attempt in (None, found.attempts):
        # The source may itself have taken it over; its job knows where it ran.
        job = parts.records.job(found.job_name) if found.job_name else None
        raise RecordError(
            f"step {step!r} ran nothing: its outcome is that of execution {found.reuse.source_id}",
            slug="no-log",
            where=record.arn,
            hint=f"seatrial logs {step} {job.execution_id if job else found.reuse.source_id}",
        )
    if not log.is_file():
        raise RecordError(
            f"step {step!r} has no log: it ran no container" + (f" in attempt {attempt}" if attempt else ""),
            slug="no-log",
            where=str(log),
            hint=f"it is {found.status.value}: {found.failure_reason or 'a step of type ' + found.type}",
        )
    return log if part is None else _log_of_part(folder, step, part)


def _log_of_part(folder: Path, step: str, part: str) -> Path:
    jobs = job_folders(folder)
    wanted = f"-{int(part):03d}" if part.isdecimal() else part
    found = next((jobs[name] for name in jobs if name == part or name[:-_DIGITS].endswith(wanted)), None)
    if found is None or not (found / "log.txt").is_file():
        raise RecordError(
            f"step {step!r} has no log of a job {part!r}",
            slug="no-log",
            where=str(folder),
            hint=f"it has {', '.join(jobs)}" if jobs else "its job consists of no others",
        )
    return found / "log.txt"


def growing(parts: Parts, execution: str, step: str, log: Path) -> Iterator[bytes]:
    """What the file holds and what comes, until the step has ended."""
    with log.open("rb") as stream:
        while True:
            now = parts.records.execution(execution).step(step)
            piece = stream.read()
            if piece:
                yield piece
            elif now is None or now.status.ended:
                return
            else:
                parts.clock.sleep(POLL_SECONDS)


def logs_of(parts: Parts, record: ExecutionRecord) -> dict[str, Path]:
    """The log of every step that has one, of its last attempt."""
    files = {
        step.name: attempt_folder(parts.settings, record.execution_id, step.name, step.attempts) / "log.txt"
        for step in record.steps
    }
    return {name: log for name, log in files.items() if log.is_file()}
