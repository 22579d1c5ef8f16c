"""A container by hand: create, start, wait and remove through Docker's API, and nothing else.

What it is like (network, mounts, limits, environment) is copied from a container of seatrial's, looked at
while it ran; each mount is replaced by a bind mount of a folder of the bench's own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker.api import APIClient

from benchmarks.timing import timed
from seatrial.runners.labels import STEP_LABEL

LABEL = "seatrial.bench"
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Pattern:
    """A container as inspecting showed it."""

    image: str
    hostname: str
    environment: tuple[str, ...]
    host_config: Mapping[str, Any]
    mounts: tuple[tuple[str, bool], ...]
    """Target, and whether it can be written to."""


@dataclass(frozen=True)
class Phases:
    """Seconds of each call."""

    create: float
    start: float
    wait: float
    remove: float

    @property
    def total(self) -> float:
        """All four."""
        return self.create + self.start + self.wait + self.remove


def look_at(api: APIClient, step: str) -> Pattern:
    """Wait for the container of a step to run, and learn what it is like."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = api.containers(filters={"label": f"{STEP_LABEL}={step}", "status": "running"})
        if found:
            return _pattern(api.inspect_container(found[0]["Id"]))
        time.sleep(0.02)
    raise RuntimeError(f"no container of {step} was seen running within {_PATIENCE_SECONDS} s")


def _pattern(seen: Mapping[str, Any]) -> Pattern:
    return Pattern(
        image=seen["Config"]["Image"],
        hostname=seen["Config"]["Hostname"],
        environment=tuple(seen["Config"]["Env"]),
        host_config=seen["HostConfig"],
        mounts=tuple((mount["Destination"], bool(mount["RW"])) for mount in seen["Mounts"]),
    )


def run_bare(api: APIClient, pattern: Pattern, script: str, tree: Path) -> Phases:
    """Run Python in such a container; `tree` holds, by container path, what is mounted."""
    config = _configuration(pattern, script, tree)
    with timed() as create:
        # The stubs leave this one call untyped.
        made: Mapping[str, Any] = api.create_container_from_config(config)  # type: ignore[no-untyped-call]
    container = str(made["Id"])
    try:
        with timed() as start:
            api.start(container)
        with timed() as wait:
            status = api.wait(container)["StatusCode"]
    except BaseException:
        api.remove_container(container, force=True)
        raise
    with timed() as remove:
        api.remove_container(container)
    if status != 0:
        raise RuntimeError(f"the bare container ended with exit code {status}")
    return Phases(create.seconds, start.seconds, wait.seconds, remove.seconds)


def _configuration(pattern: Pattern, script: str, tree: Path) -> dict[str, Any]:
    return {
        "Image": pattern.image,
        "Hostname": pattern.hostname,
        "Entrypoint": ["python3", "-c", script],
        "Cmd": [],
        "Env": list(pattern.environment),
        "Labels": {LABEL: "bare"},
        "HostConfig": {
            **pattern.host_config,
            "Binds": None,
            "Mounts": [_mount(tree, target, writable) for target, writable in pattern.mounts],
        },
    }


def _mount(tree: Path, target: str, writable: bool) -> dict[str, Any]:
    source = tree / target.lstrip("/")
    source.mkdir(parents=True, exist_ok=True)
    return {"Type": "bind", "Source": str(source), "Target": target, "ReadOnly": not writable}
