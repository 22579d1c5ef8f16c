"""The machine that was measured on, without anything that names it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docker.api import APIClient
from pydantic import BaseModel


class Machine(BaseModel):
    """What the figures depend on; `load` is the average of the last minute before the run began."""

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    system: str
    docker: str
    storage_driver: str
    file_system: str
    python: str
    load: float


def describe_machine(api: APIClient, folder: Path) -> Machine:
    """The machine, with the file system that `folder` is on."""
    info: Mapping[str, Any] = api.info()
    backing = dict(info.get("DriverStatus") or ()).get("Backing Filesystem")
    return Machine(
        processor=_processor(Path("/proc/cpuinfo").read_text()),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        kernel=f"{platform.system()} {platform.release()}",
        system=str(info["OperatingSystem"]),
        docker=str(info["ServerVersion"]),
        storage_driver=f"{info['Driver']} on {backing}" if backing else str(info["Driver"]),
        file_system=file_system_of(folder, Path("/proc/self/mountinfo").read_text()),
        python=platform.python_version(),
        load=round(os.getloadavg()[0], 2),
    )


def file_system_of(folder: Path, mounts: str) -> str:
    """The type of the file system that holds the folder, from the text of `mountinfo`."""
    found = {}
    for line in mounts.splitlines():
        place, _, source = line.partition(" - ")
        found[Path(place.split()[4])] = source.split()[0]
    resolved = folder.resolve()
    return next((found[each] for each in (resolved, *resolved.parents) if each in found), "unknown")


def _processor(cpuinfo: str) -> str:
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == "model name"), platform.machine())
