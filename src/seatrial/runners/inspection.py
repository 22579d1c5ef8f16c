"""What Docker's record of an ended container adds to its exit status, as far as it can be believed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docker.api import APIClient

from seatrial.ports.runners import JobSpec
from seatrial.runners.ending import Exit
from seatrial.runners.layer import Look, written
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text
from seatrial.runners.untracked import untracked_files

# On a busy machine the record was seen to learn of a kill for memory after the container's end.
_PAUSES = (0.0, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Record:
    """Why the exit status does not count (or None), and what else is known."""

    lost: str | None = None
    out_of_memory: bool = False
    untracked: Mapping[str, int] = field(default_factory=dict)


def inspect(api: APIClient, container: str, end: Exit, spec: JobSpec, look: Look | None) -> Record:
    """Confirm the end; an engine that cannot tell of it any more leaves the exit status unproven."""
    if end.lost:
        return Record(lost=end.lost)
    try:
        seen = _seen(api, container, end)
    except ENGINE_TROUBLE as trouble:
        return Record(lost=f"the container's end could not be confirmed ({docker_text(trouble)})")
    return Record(
        out_of_memory=bool(seen["State"]["OOMKilled"]),
        untracked=untracked_files(
            written(api, container, seen, look), (mount.target for mount in spec.mounts)
        ),
    )


def _seen(api: APIClient, container: str, end: Exit) -> Mapping[str, Any]:
    """The record; a failed container's is looked at again, for word of memory comes on a way of its own.

    It is the kernel's word on any process of the container: a killed child leaves its parent to exit with 1.
    """
    for pause in _PAUSES if end.code else _PAUSES[:1]:
        time.sleep(pause)
        seen: Mapping[str, Any] = api.inspect_container(container)
        if seen["State"]["OOMKilled"]:
            break
    return seen
