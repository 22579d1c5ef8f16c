"""The container that this process runs in, if this very engine runs it; changes nothing."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from docker.api import APIClient
from docker.errors import NotFound

_CONTAINER_ID = re.compile(r"/containers/([0-9a-f]{64})/")
_SHORT_ID = re.compile(r"[0-9a-f]{12}")


def own_container(api: APIClient) -> str | None:
    """Its id; None where we run on the machine itself, or under another engine."""
    for candidate in _candidates():
        with suppress(NotFound):
            found = str(api.inspect_container(candidate)["Id"])
            if found.startswith(candidate):
                return found
    return None


def _candidates() -> Iterator[str]:
    """Docker mounts files named by the id into each container, and names its host by it."""
    with suppress(OSError):
        yield from dict.fromkeys(_CONTAINER_ID.findall(Path("/proc/self/mountinfo").read_text()))
    hostname = socket.gethostname()
    if _SHORT_ID.fullmatch(hostname):
        yield hostname
