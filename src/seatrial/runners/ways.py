"""How a folder of ours gets into a container: found out by trying, once for each disk; starts no container.

Docker Engine may run on another machine or see other files under the same path; it may not be able to lay
one folder over another; so a container is made (and never started) and asked for a file of a random name.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

from docker.api import APIClient
from docker.errors import APIError, ImageNotFound
from docker.types import DriverConfig
from docker.types import Mount as DockerMount

from seatrial.ports.runners import Mount
from seatrial.runners.labels import LABEL, RUNNER_LABEL
from seatrial.runners.removal import remove
from seatrial.runners.trees import remove_tree

_PLACE = "/seatrial"
# Docker hands them to the kernel in one line of options, where these have a meaning.
_NOT_IN_OPTIONS = frozenset(',:\\"')
# Else, where a kernel is set up so, what a container moves out of `lower` would be a mere mark in the upper
# folder: a file's name without its data, a folder without its files.
_WHOLE_FILES = ("metacopy=off", "redirect_dir=off", "index=off")


class Way(str, Enum):
    """From the fastest to the one that always works."""

    OVERLAY = "overlay"
    """Bind mounts, and overlays where one folder lies beneath another."""
    BIND = "bind"
    """Bind mounts; no folder can lie beneath another."""
    ARCHIVE = "archive"
    """Volumes, filled before the start and emptied after the end through archive streams."""


def find_way(api: APIClient, image: str, folder: Path) -> Way:
    """The best way for what lies in `folder`; the image only has to be there."""
    place = Path(tempfile.mkdtemp(prefix="sight-", dir=folder))
    try:
        mount = _trial_mount(place)
        if can_be_overlaid(place) and not is_rootless(api) and _overlays(api, image, mount):
            return Way.OVERLAY
        bound = docker_mount(Mount(place / "lower", _PLACE), Way.BIND)
        return Way.BIND if _is_seen(api, image, bound, mount) else Way.ARCHIVE
    finally:
        _clear(place)


def is_rootless(api: APIClient) -> bool:
    """Whether the engine runs as an ordinary user, whose overlays cannot mark a folder that was replaced."""
    return any("rootless" in option for option in api.info().get("SecurityOptions") or [])


def docker_mount(mount: Mount, way: Way, labels: Mapping[str, str] | None = None) -> DockerMount:
    """What Docker is asked for; a volume, which goes with its container, bears the labels."""
    if way is Way.ARCHIVE:
        # Without the image's own files, which a bind mount would hide as well.
        return DockerMount(mount.target, None, type="volume", no_copy=True, labels=dict(labels or {}))
    if mount.lower is None:
        return DockerMount(mount.target, str(mount.source.absolute()), type="bind", read_only=mount.read_only)
    return DockerMount(
        mount.target,
        None,
        type="volume",
        no_copy=True,
        labels=dict(labels or {}),
        driver_config=DriverConfig("local", _overlay(mount)),
    )


def can_be_overlaid(*paths: Path) -> bool:
    """Whether the paths can stand in the options of a mount."""
    return not any(_NOT_IN_OPTIONS & set(str(path.absolute())) for path in paths)


def _overlay(mount: Mount) -> dict[str, str]:
    lower, upper, work = mount.lower, mount.source, mount.work
    if work is None:
        raise ValueError(f"{mount.target} lies over another folder and has no work folder")
    work.mkdir(parents=True, exist_ok=True)
    folders = {"lowerdir": lower, "upperdir": upper, "workdir": work}
    named = [f"{name}={path.absolute()}" for name, path in folders.items() if path]
    return {"type": "overlay", "device": "overlay", "o": ",".join([*named, *_WHOLE_FILES])}


def _trial_mount(place: Path) -> Mount:
    mount = Mount(place / "upper", _PLACE, lower=place / "lower", work=place / "work")
    for folder in (place / "lower", place / "upper"):
        folder.mkdir()
    (place / "lower" / secrets.token_hex(16)).touch()
    return mount


def _overlays(api: APIClient, image: str, mount: Mount) -> bool:
    """Whether it is laid over, and can be written to: then the kernel made a folder of its own in `work`."""
    seen = _is_seen(api, image, docker_mount(mount, Way.OVERLAY), mount)
    return seen and any(mount.work.iterdir() if mount.work else ())


def _is_seen(api: APIClient, image: str, tried: DockerMount, mount: Mount) -> bool:
    """Whether a container with this mount has the file of the random name."""
    names = [path.name for path in mount.lower.iterdir()] if mount.lower else []
    try:
        with _created(api, image, tried) as container:
            return all(_has(api, container, f"{_PLACE}/{name}") for name in names)
    except ImageNotFound:
        raise
    except APIError:  # no such path over there, or no such kind of mount
        return False


@contextmanager
def _created(api: APIClient, image: str, mount: DockerMount) -> Iterator[str]:
    made = api.create_container(
        image,
        command=["true"],
        labels={LABEL: "helper", RUNNER_LABEL: "helper"},
        host_config=api.create_host_config(mounts=[mount], network_mode="none"),
        use_config_proxy=False,
    )
    try:
        yield str(made["Id"])
    finally:
        remove(api, str(made["Id"]))


def _has(api: APIClient, container: str, path: str) -> bool:
    """Docker mounts everything for this question, as it does for a start."""
    url = f"{api.base_url}/v{api.api_version}/containers/{container}/archive"
    with api.head(url, params={"path": path}, timeout=api.timeout) as answer:
        return bool(answer.ok)


def _clear(place: Path) -> None:
    remove_work(place / "work")
    remove_tree(place)


def remove_work(work: Path) -> None:
    """The kernel's own folder in there is closed and may belong to root; being empty, it can be removed."""
    if work.is_dir():
        for inner in work.iterdir():
            with suppress(OSError):
                inner.rmdir()
