"""Learns what a container wrote to its own layer, in the cheapest way that this user and engine allow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from docker.api import APIClient

from seatrial.errors import SeatrialError
from seatrial.runners.refusals import ENGINE_TROUBLE
from seatrial.runners.untracked import Written, written_by, written_in

_log = logging.getLogger(__name__)

Look = Callable[[Path, float], Iterable[Written]]
"""Lists files beneath a folder of the engine's that we may not read ourselves, no older than a time."""


def written(api: APIClient, container: str, seen: Mapping[str, Any], look: Look | None) -> Iterable[Written]:
    """Everything that lies in the container's layer; nothing, with a warning, if nobody can tell.

    Reading the storage driver's folder costs nothing, sending a helper there the time of a small
    container; Docker's diff reads the whole image, a second and more for a real one.
    """
    upper, since = _upper_folder(seen), _start(seen)
    if upper is not None:
        with suppress(OSError):  # root may look there, others may not
            return list(written_in(upper, since))
    try:
        if not _wrote_anything(api, container):
            return ()
        if upper is not None and look is not None:
            with suppress(SeatrialError):
                return look(upper, since)
        return list(written_by(api.diff(container) or []))
    except ENGINE_TROUBLE as trouble:
        _log.warning("files that %s wrote outside its mounts are not known: %s", container, trouble)
        return ()


def _wrote_anything(api: APIClient, container: str) -> bool:
    """Whether the layer holds a byte; most containers of a well-behaved job write none."""
    url = f"{api.base_url}/v{api.api_version}/containers/{container}/json"
    with api.get(url, params={"size": "1"}, timeout=api.timeout) as response:
        return not response.ok or bool(response.json().get("SizeRw", True))


def _start(seen: Mapping[str, Any]) -> float:
    """When the container started by the engine's own clock, in whole seconds since the epoch."""
    return datetime.fromisoformat(str(seen["State"]["StartedAt"])[:19] + "+00:00").timestamp()


def _upper_folder(seen: Mapping[str, Any]) -> Path | None:
    """Where the storage driver keeps what the container wrote; not every driver has such a folder."""
    upper = ((seen.get("GraphDriver") or {}).get("Data") or {}).get("UpperDir")
    return Path(upper) if upper else None
