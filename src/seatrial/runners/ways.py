"""The ways in which a folder of ours gets into a container, and what each asks of Docker; `sight` chooses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path

from docker.api import APIClient
from docker.types import DriverConfig
from docker.types import Mount as DockerMount

from seatrial.ports.runners import Mount

MERGED = "merged"
# Docker hands them to the kernel in one line of options, where these have a meaning.
_NOT_IN_OPTIONS = frozenset(',:\\"')
# That line is cut off, unsaid, where a page of memory ends; it has three paths of about one length.
_LONGEST = 1280
# Else, where a kernel is set up so, what a container moves out of `lower` would be a mere mark in the upper
# folder: a file's name without its data, a folder without its files.
_WHOLE_FILES = ("metacopy=off", "redirect_dir=off", "index=off")


class Way(str, Enum):
    """From the fastest to the one that always works."""

    MOUNTED = "mounted"
    """Bind mounts, of overlays that we mount where one folder lies beneath another."""
    OVERLAY = "overlay"
    """Bind mounts, and overlays that the engine mounts where one folder lies beneath another."""
    BIND = "bind"
    """Bind mounts; no folder can lie beneath another."""
    ARCHIVE = "archive"
    """Volumes, filled before the start and emptied after the end through archive streams."""


def is_rootless(api: APIClient) -> bool:
    """Whether the engine runs as an ordinary user, whose overlays cannot mark a folder that was replaced."""
    return any("rootless" in option for option in api.info().get("SecurityOptions") or [])


def docker_mount(mount: Mount, way: Way, labels: Mapping[str, str] | None = None) -> DockerMount:
    """What Docker is asked for; a volume, which goes with its container, bears the labels."""
    if way is Way.ARCHIVE:
        # Without the image's own files, which a bind mount would hide as well.
        return DockerMount(mount.target, None, type="volume", no_copy=True, labels=dict(labels or {}))
    if mount.lower is None or way is Way.MOUNTED:
        source = mount.source if mount.lower is None else merged_folder(mount)
        return DockerMount(mount.target, str(source.absolute()), type="bind", read_only=mount.read_only)
    return DockerMount(
        mount.target,
        None,
        type="volume",
        no_copy=True,
        labels=dict(labels or {}),
        driver_config=DriverConfig(
            "local", {"type": "overlay", "device": "overlay", "o": overlay_options(mount)}
        ),
    )


def can_be_overlaid(*paths: Path) -> bool:
    """Whether the paths can stand in the options of a mount."""
    names = [str(path.absolute()) for path in paths]
    return not any(_NOT_IN_OPTIONS & set(name) or len(os.fsencode(name)) > _LONGEST for name in names)


def merged_folder(mount: Mount) -> Path:
    """Where an overlay of ours is mounted."""
    return _work(mount) / MERGED


def overlay_options(mount: Mount) -> str:
    """What a mount of the kind `overlay` is asked for; its work folder is made."""
    work = _work(mount)
    work.mkdir(parents=True, exist_ok=True)
    folders = {"lowerdir": mount.lower, "upperdir": mount.source, "workdir": work}
    named = [f"{name}={path.absolute()}" for name, path in folders.items() if path]
    return ",".join([*named, *_WHOLE_FILES])


def _work(mount: Mount) -> Path:
    if mount.work is None:
        raise ValueError(f"{mount.target} lies over another folder and has no work folder")
    return mount.work


def remove_work(work: Path) -> None:
    """The kernel's own folder in there is closed and may belong to root; being empty, it can be removed."""
    if work.is_dir():
        for inner in work.iterdir():
            with suppress(OSError):
                inner.rmdir()
