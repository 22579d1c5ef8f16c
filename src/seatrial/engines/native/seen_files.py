"""Which files of its inputs a job opened: what its containers are watched for, and what that says in the end.

A file that was opened counts, whoever read how much of it. So does one that is not in its place any more, or
has got a second name: it was passed on without being read. Knows no Docker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from seatrial.engines.job import Job, JobInput
from seatrial.engines.locations import staged
from seatrial.engines.native.stage_in import StagedInputs
from seatrial.engines.native.staging import Stage
from seatrial.ports.observation import InputFiles
from seatrial.ports.runners import JobOutcome

_TOLD = 100
_PIPED = "comes through pipes, and has no files"
_SENT = "lies in a folder that is uploaded while the job runs"
_NOT_RUN = "the container did not run"
_LOST = "the container was lost sight of"

Seen = tuple[tuple[InputFiles, ...] | None, str | None]
"""What is known of each input, and why something or all of it is not."""


@dataclass(frozen=True)
class Watched:
    """One host of the job, and how its container ended."""

    stage: Stage
    staged: StagedInputs
    outcome: JobOutcome


def watched_files(job: Job, brought_in: StagedInputs) -> tuple[str, ...]:
    """What a host's container is to be watched for; nothing that we open ourselves while it runs."""
    return tuple(path for item in job.inputs if not _unseen(job, item) for path in _files(brought_in, item))


def files_seen(job: Job, hosts: Sequence[Watched]) -> Seen:
    """Of several hosts, what any of them opened was opened."""
    seen = [item for item in job.inputs if not _unseen(job, item)]
    unseen = next((why for host in hosts if (why := _why_not(host.outcome))), None)
    if unseen is not None and any(_files(host.staged, item) for host in hosts for item in seen):
        return None, unseen
    missing = "; ".join(
        f"{item.name} {why}"
        for item in job.inputs
        if (why := _unseen(job, item)) and (why is _PIPED or any(_files(h.staged, item) for h in hosts))
    )
    return tuple(_input_files(item, hosts) for item in seen), missing or None


def _input_files(item: JobInput, hosts: Sequence[Watched]) -> InputFiles:
    files = {path for host in hosts for path in _files(host.staged, item)}
    opened = {
        path
        for host in hosts
        for path in _files(host.staged, item)
        if path not in (host.outcome.unopened or ()) or not _is_as_it_was(host.stage, path)
    }
    folder = PurePosixPath(item.container_path)
    unopened = sorted(str(PurePosixPath(path).relative_to(folder)) for path in files - opened)
    return InputFiles(item.name, len(files), len(opened), tuple(unopened[:_TOLD]))


def _files(brought_in: StagedInputs, item: JobInput) -> Sequence[str]:
    return brought_in.files_of.get(item.name, ())


def _unseen(job: Job, item: JobInput) -> str | None:
    """Why nobody watches an input, if so."""
    if item.reading.mode == "Pipe":
        return _PIPED
    return _SENT if any(_meet(item, folder) for folder in _sent_meanwhile(job)) else None


def _sent_meanwhile(job: Job) -> Iterator[PurePosixPath]:
    return (PurePosixPath(output.container_path) for output in job.outputs if output.always)


def _meet(item: JobInput, folder: PurePosixPath) -> bool:
    path = PurePosixPath(item.container_path)
    return path.is_relative_to(folder) or folder.is_relative_to(path)


def _why_not(outcome: JobOutcome) -> str | None:
    if outcome.unopened is not None and outcome.lost is None:
        return None
    return outcome.unseen or (_LOST if outcome.lost else _NOT_RUN)


def _is_as_it_was(stage: Stage, path: str) -> bool:
    """Whether it still lies where it was brought to, as one file.

    Of what lies beneath the tree, something is left above it by whatever moved, linked or removed it.
    """
    above = staged(stage.tree, path)
    if os.path.lexists(staged(stage.lower, path)):
        return not os.path.lexists(above)
    try:
        return above.lstat().st_nlink == 1
    except OSError:
        return False
