"""Which mounts of a job can have their inputs beneath them, shared with the cache; decides, touches nothing.

What lies beneath is only read, and what the container changes lies above: there, and nowhere else, is what a
job wrote. So an input's files can lie beneath unless an output would have to collect them with its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from seatrial.engines.job import Job, JobInput


def layered_mounts(job: Job) -> frozenset[str]:
    """The mounts that hold inputs, none of which is a pipe or meets the folder of an output."""
    outputs = [PurePosixPath(output.container_path) for output in job.outputs]
    return frozenset(
        mount
        for mount in job.mounts
        if (held := _inputs_in(job, mount))
        and not any(_meet(item, outputs) for item in held)
        and not _has_pipes(job, mount)
    )


def is_read_only(item: JobInput) -> bool:
    """Whether the service mounts the input's folder read-only: then nothing can be written over its files."""
    return item.reading.mode == "FastFile"


def mount_of(job: Job, container_path: str) -> str:
    """The mount that a path of an input lies in; the innermost, as in the container."""
    path = PurePosixPath(container_path)
    return max((mount for mount in job.mounts if path.is_relative_to(mount)), key=len)


def _inputs_in(job: Job, mount: str) -> list[PurePosixPath]:
    paths = (item.container_path for item in job.inputs)
    return [PurePosixPath(path) for path in paths if mount_of(job, path) == mount]


def _has_pipes(job: Job, mount: str) -> bool:
    """In an overlay a pipe is another one than in the folder that it is made of: nobody would meet there."""
    piped = (item.container_path for item in job.inputs if item.reading.mode == "Pipe")
    return any(mount_of(job, path) == mount for path in piped)


def _meet(path: PurePosixPath, others: Iterable[PurePosixPath]) -> bool:
    return any(path.is_relative_to(other) or other.is_relative_to(path) for other in others)
