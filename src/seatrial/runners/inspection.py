"""What Docker's record of an ended container adds to its exit status, as far as it can be believed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from docker.api import APIClient

from seatrial.ports.runners import JobSpec
from seatrial.runners.ending import Exit
from seatrial.runners.layer import Look, written
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text
from seatrial.runners.untracked import untracked_files

# Between the engine's two notes of one kill.
_PAUSES = (0.0, 0.1)


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
        seen: Mapping[str, Any] = api.inspect_container(container)
        out_of_memory = bool(seen["State"]["OOMKilled"]) or (bool(end.code) and _told(api, container, seen))
    except ENGINE_TROUBLE as trouble:
        return Record(lost=f"the container's end could not be confirmed ({docker_text(trouble)})")
    return Record(
        out_of_memory=out_of_memory,
        untracked=untracked_files(
            written(api, container, seen, look), (mount.target for mount in spec.mounts)
        ),
    )


def _told(api: APIClient, container: str, seen: Mapping[str, Any]) -> bool:
    """Whether the engine told of a kill for memory that came too late for its record of the container.

    On a busy machine one in eighty did. It is the kernel's word on any process of the container: a killed
    child leaves its parent to exit with 1.
    """
    since = datetime.fromisoformat(f"{str(seen['State']['StartedAt'])[:19]}+00:00").timestamp()
    wanted = {"container": [container], "event": ["oom"]}
    for pause in _PAUSES:
        time.sleep(pause)
        now = time.time()  # whole seconds, which the stubs want, would leave out the last one
        events = api.events(since=since, until=now, filters=wanted)  # type: ignore[call-overload]  # see above
        if any(True for _ in events):
            return True
    return False
