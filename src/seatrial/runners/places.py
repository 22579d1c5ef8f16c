"""Where a folder of a container lies on this machine while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from seatrial.ports.runners import Mount
from seatrial.runners.ways import Way, merged_folder


def place_of(mounts: Sequence[Mount], way: Way, inside: str) -> str:
    """The folder that the container has at `inside`, through the innermost mount above it."""
    path = PurePosixPath(inside)
    above = [mount for mount in mounts if path.is_relative_to(mount.target)]
    if not above:
        raise ValueError(f"no mount covers {inside}")
    mount = max(above, key=lambda mount: len(PurePosixPath(mount.target).parts))
    root = merged_folder(mount) if mount.lower is not None and way is Way.MOUNTED else mount.source
    return str(root / path.relative_to(mount.target))
