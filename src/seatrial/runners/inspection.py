"""What Docker's record of an ended container adds to its exit status, as far as it can be believed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker.api import APIClient

from seatrial.ports.runners import JobSpec
from seatrial.runners.ending import Exit
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text
from seatrial.runners.untracked import Written, untracked_files, written_by, written_in

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Record:
    """Why the exit status does not count (or None), and what else is known."""

    lost: str | None = None
    out_of_memory: bool = False
    untracked: Mapping[str, int] = field(default_factory=dict)


def inspect(api: APIClient, container: str, end: Exit, spec: JobSpec) -> Record:
    """Confirm the end; an engine that cannot tell of it any more leaves the exit status unproven."""
    if end.lost:
        return Record(lost=end.lost)
    try:
        seen: Mapping[str, Any] = api.inspect_container(container)
    except ENGINE_TROUBLE as trouble:
        return Record(lost=f"the container's end could not be confirmed ({docker_text(trouble)})")
    # The kernel's word on any process of the container: a killed child leaves its parent to exit with 1.
    return Record(
        out_of_memory=bool(seen["State"]["OOMKilled"]),
        untracked=untracked_files(_written(api, container, seen), (mount.target for mount in spec.mounts)),
    )


def _written(api: APIClient, container: str, seen: Mapping[str, Any]) -> Iterable[Written]:
    """What the container wrote to its own layer, learnt in the cheapest way there is."""
    upper = _upper_folder(seen)
    if upper is not None:
        with suppress(OSError):  # under a rootless engine some folders are closed to us
            return list(written_in(upper))
    try:
        return list(written_by(api.diff(container) or [])) if _wrote_anything(api, container) else ()
    except ENGINE_TROUBLE as trouble:
        _log.warning("files that %s wrote outside its mounts are not known: %s", container, trouble)
        return ()


def _wrote_anything(api: APIClient, container: str) -> bool:
    """Whether the container's layer holds a byte: a look at that layer, where the diff reads the image."""
    url = f"{api.base_url}/v{api.api_version}/containers/{container}/json"
    with api.get(url, params={"size": "1"}, timeout=api.timeout) as response:
        return not response.ok or bool(response.json().get("SizeRw", True))


def _upper_folder(seen: Mapping[str, Any]) -> Path | None:
    """Where the storage driver keeps what the container wrote, if this user may look there."""
    data = (seen.get("GraphDriver") or {}).get("Data") or {}
    try:
        upper = Path(data["UpperDir"])
        return upper if upper.is_dir() else None
    except (KeyError, OSError):
        return None
