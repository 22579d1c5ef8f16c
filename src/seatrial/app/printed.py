"""What the jobs of an execution printed, as lines for whoever judges it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.dataflow import Printed
from seatrial.execution import attempt_folder
from seatrial.execution.folders import job_folders
from seatrial.ports.executions import ExecutionRecord

MOST_BYTES = 4_000_000
"""How much of one log is read: what follows would cost more time than it tells."""

_LONGEST_LINE = 20_000


def printed_by(parts: Parts, record: ExecutionRecord) -> Printed:
    """The lines of a step's last attempt, those of the jobs that its job consists of behind its own."""

    def lines(name: str) -> Iterator[str]:
        step = record.step(name)
        if step is None:
            return iter(())
        folder = attempt_folder(parts.settings, record.execution_id, name, step.attempts)
        logs = (part / "log.txt" for part in (folder, *job_folders(folder).values()))
        return chain.from_iterable(_lines(log) for log in logs if log.is_file())

    return lines


def _lines(log: Path) -> Iterator[str]:
    left = MOST_BYTES
    with log.open("rb") as stream:
        while left > 0 and (line := stream.readline(_LONGEST_LINE)):
            left -= len(line)
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")
