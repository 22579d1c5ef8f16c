"""Looks at this machine's Docker Engine for `seatrial doctor`; changes nothing."""

from __future__ import annotations

import grp
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docker

from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.checks import Check
from seatrial.runners.connection import connect
from seatrial.runners.refusals import ENGINE_TROUBLE
from seatrial.runners.sight import find_sight
from seatrial.runners.ways import Way

_OLDEST = (20, 10)
_LEAST_FREE_BYTES = 5 << 30
_GIB = 1 << 30


def examine(*, state_dir: Path, helper_image: Callable[[], str] | None = None) -> list[Check]:
    """Everything containers need, in the order in which one would mend it.

    Whether the engine sees our files is tried with a container that is never started, so only when a
    `helper_image` is there.
    """
    try:
        client = connect()
    except EnvironmentUnfitError as unfit:
        return [Check("Docker Engine", False, unfit.message, unfit.hint), _free_space("state", state_dir)]
    with_client = [_user(), _free_space("state", state_dir)]
    try:
        info: Mapping[str, Any] = client.api.info()
        seen = [examine_sight(client, state_dir, helper_image())] if helper_image else []
        return [_version(info), *_limits(info), *_storage(info), *with_client, *seen]
    except ENGINE_TROUBLE as trouble:
        return [Check("Docker Engine", False, f"was lost: {trouble}", "seatrial doctor"), *with_client]
    finally:
        client.close()


def _version(info: Mapping[str, Any]) -> Check:
    version = str(info.get("ServerVersion", "unknown"))
    size = f"{info.get('NCPU')} CPUs, {int(info.get('MemTotal', 0)) / _GIB:.1f} GiB"
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return Check(
        "Docker Engine",
        parts >= _OLDEST,
        f"{version} on {info.get('OperatingSystem')}, {size}",
        "install Docker Engine 20.10 or newer: https://docs.docker.com/engine/install/",
    )


def _limits(info: Mapping[str, Any]) -> list[Check]:
    """Whether the limits of an instance type can be enforced."""
    mend = "boot with cgroups enabled: cgroup_enable=memory on the kernel's command line"
    version = f"cgroup v{info.get('CgroupVersion', '1')}"
    return [
        Check("memory limit", bool(info.get("MemoryLimit")), version, mend),
        Check("CPU limit", bool(info.get("CpuCfsQuota")), version, mend),
    ]


def _storage(info: Mapping[str, Any]) -> list[Check]:
    """The storage driver, and room for images where that folder is on this machine."""
    driver = str(info.get("Driver"))
    checks = [
        Check(
            "storage driver",
            driver != "vfs",
            driver,
            "vfs copies every layer of every container; put Docker's data-root on ext4 or xfs",
        )
    ]
    root = Path(str(info.get("DockerRootDir", "")))
    if root.is_absolute() and root.parent.is_dir():
        checks.append(_free_space("images", root.parent))
    return checks


def _free_space(what: str, place: Path) -> Check:
    place = _existing(place)
    free = shutil.disk_usage(place).free
    return Check(
        f"disk space for {what}",
        free >= _LEAST_FREE_BYTES,
        f"{free / _GIB:.1f} GiB free at {place}",
        "make room: seatrial clean, docker image prune",
    )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there: looking must not create it."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _user() -> Check:
    """Under whose name we are let in."""
    if os.geteuid() == 0:
        return Check("user", True, "root")
    groups = {name for name in map(_group_name, os.getgroups()) if name}
    return Check(
        "user", True, "member of the group docker" if "docker" in groups else "has a socket of its own"
    )


def _group_name(number: int) -> str | None:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return None


def examine_sight(client: docker.DockerClient, folder: Path, image: str) -> Check:
    """How folders get into containers, and whether it is seen what is opened there."""
    try:
        sight = find_sight(client.api, image, _existing(folder))
    except (EnvironmentUnfitError, OSError) as trouble:
        return Check("engine sees our files", False, str(trouble), getattr(trouble, "hint", None))
    opened = f"not observed: {sight.unseen}" if sight.unseen else "seen"
    return Check("engine sees our files", True, f"{_WAYS[sight.way]}; files that jobs open: {opened}")


_WAYS = {
    Way.MOUNTED: "yes; inputs are laid over the cache",
    Way.OVERLAY: "yes; inputs are laid over the cache",
    Way.BIND: "yes; inputs are copied from the cache",
    Way.ARCHIVE: "no; files go to containers and back as archive streams",
}
