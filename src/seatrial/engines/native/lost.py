"""Finds what a container wrote where no output covers it; reads the staged tree and the runner's report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from seatrial.engines.job import Job
from seatrial.engines.locations import staged
from seatrial.engines.native.trees import TooDeepError, files, spelt_out
from seatrial.ports.jobs import LostFile
from seatrial.ports.runners import JobOutcome

# Files by which containers and toolkits talk to the platform, and folders that have purposes of their own.
_PLATFORM = re.compile(
    r"^/opt/ml/(output/(message|failure|success)$"
    r"|output/(intermediate|metrics|profiler|tensors|tensorboard)/"
    r"|input/sm_training\.env$|input/config/|config/|code/)"
)
_NOT_DATA = re.compile(r"/__pycache__/|\.pyc$")


# What the kernel stamps on a file may be some milliseconds older than what the runner noted.
_CLOCKS_APART_NS = 10**9


def lost_files(
    job: Job, tree: Path, staged_in: Mapping[str, tuple[int, int]], outcome: JobOutcome
) -> tuple[LostFile, ...]:
    """What goes with the container, in the order of the paths; `staged_in` is size and time of each input.

    What is older than the container was unpacked from an archive or copied with its time: nothing new.
    """
    # Where an application fetches or sends files itself, they are copies of what is in S3 or will be.
    outputs = [output.container_path for output in (*job.outputs, *job.own_outputs)]
    fetched = [item.container_path for item in job.own_inputs]
    covered = [PurePosixPath(path) for path in (*outputs, *fetched) if path]
    since = int(outcome.started_at.timestamp() * 10**9) - _CLOCKS_APART_NS
    written = {
        path: size
        for path, size in (*_in_tree(job, tree, staged_in, since), *outcome.untracked.items())
        if not _PLATFORM.search(path) and not _NOT_DATA.search(path)
    }
    return tuple(
        LostFile(spelt_out(path), size)
        for path, size in sorted(written.items())
        if not _is_covered(path, covered)
    )


def _in_tree(
    job: Job, tree: Path, staged_in: Mapping[str, tuple[int, int]], since: int
) -> Iterator[tuple[str, int]]:
    for mount in job.mounts:
        with suppress(TooDeepError):  # what was found until there is enough to tell of
            for entry in files(tree, staged(tree, mount)):
                path = f"{mount}/{entry.name}"
                now, before = (entry.size, entry.modified_ns), staged_in.get(path)
                if now != before if before else entry.modified_ns >= since:
                    yield path, entry.size


def _is_covered(path: str, covered: Iterable[PurePosixPath]) -> bool:
    """Whether it lies beneath an output's folder; a file in the folder's own place is not taken along."""
    above = PurePosixPath(path).parents
    return any(folder in above for folder in covered)
