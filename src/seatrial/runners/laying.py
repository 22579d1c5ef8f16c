"""Lays folders over each other here, for containers that bind them; the engine has to see our mounts.

A mount is needed until the container has started, which then holds it: from there on it is out of sight, so
that a process that is killed leaves none but in that moment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seatrial.ports.runners import Mount
from seatrial.runners import kernel
from seatrial.runners.ways import MERGED, merged_folder, overlay_options

TABLE = Path("/proc/self/mountinfo")


class OverlayError(OSError):
    """The kernel mounts no overlay of these folders for us."""


class Laid:
    """The overlays of one container."""

    def __init__(self) -> None:
        self._standing: list[Path] = []

    def lay(self, mount: Mount) -> None:
        """Lay the mount's folders over each other; raise `OverlayError` where that may not be."""
        merged = merged_folder(mount)
        merged.mkdir(parents=True, exist_ok=True)
        try:
            kernel.mount_overlay(str(merged), overlay_options(mount))
        except OSError as trouble:
            raise OverlayError(trouble.errno, trouble.strerror, str(merged)) from trouble
        self._standing.append(merged)

    def let_go(self) -> None:
        """Leave the overlays to the container that has started, if one has; may be said again."""
        while self._standing:
            merged = self._standing.pop()
            with suppress(OSError):  # somebody else took it away
                kernel.unmount(str(merged))


@contextmanager
def laid(mounts: Iterable[Mount]) -> Iterator[Laid]:
    """Each mount that lies over another folder."""
    laid = Laid()
    try:
        for mount in mounts:
            if mount.lower is not None:
                laid.lay(mount)
        yield laid
    finally:
        laid.let_go()


def unmount_beneath(folder: Path) -> None:
    """Take away what a killed process left mounted there: files would be removed through it.

    What is not an overlay of ours, somebody else mounted and will want to keep.
    """
    above = str(folder.resolve()).rstrip("/") + "/"
    for place in reversed(_overlays()):
        if place.startswith(above) and place.endswith(f"/{MERGED}"):
            with suppress(OSError):  # not ours to unmount: an ordinary user can have mounted nothing
                kernel.unmount(place)


def _overlays() -> list[str]:
    """Where they are mounted, in the order in which they were; none where the system does not tell."""
    try:
        table = TABLE.read_bytes()
    except OSError:
        return []
    lines = (line for line in table.splitlines() if b" - overlay " in line)
    return [os.fsdecode(_spelt(line.split(b" ")[4])) for line in lines]


def _spelt(field: bytes) -> bytes:
    """Blanks and the like stand there as `\\040`."""
    return re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), field)
