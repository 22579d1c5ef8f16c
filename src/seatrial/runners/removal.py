"""Takes containers away, surely and without ever failing a run over it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from docker.api import APIClient
from docker.errors import APIError, NotFound

from seatrial.runners.labels import RUNNER_LABEL
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text

_log = logging.getLogger(__name__)
_PAUSES = (0.0, 0.1, 0.5, 2.0)
_CONFLICT = 409


def remove(api: APIClient, container: str) -> bool:
    """Kill and remove a container with its anonymous volumes; False, and a warning, if nothing helped."""
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            api.remove_container(container, force=True, v=True)
        except NotFound:
            return True
        except ENGINE_TROUBLE as trouble:
            # 409: somebody else is at it already; the next look finds it gone.
            last = trouble
        else:
            return True
    _log.warning("container %s is left behind: %s", container, docker_text(last))
    return False


def remove_leftover(api: APIClient, name: str, labels: Mapping[str, str]) -> bool:
    """Remove the container of that name if a runner made it, in this process or in one that was killed.

    One that still runs must carry all of `labels`: another execution's is not ours to end.
    """
    try:
        found = api.inspect_container(name)
    except NotFound:
        return True
    except ENGINE_TROUBLE:
        return False
    worn: Mapping[str, str] = found["Config"].get("Labels") or {}
    ours = RUNNER_LABEL in worn and (
        not found["State"]["Running"] or all(worn.get(label) == value for label, value in labels.items())
    )
    return ours and remove(api, found["Id"])


def is_name_conflict(refusal: Exception) -> bool:
    """Whether a create was refused because the name is taken."""
    return isinstance(refusal, APIError) and refusal.status_code == _CONFLICT
