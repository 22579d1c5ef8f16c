"""Small containers that do for us what the caller may not."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from docker.api import APIClient

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobOutcome, JobSpec, Mount
from seatrial.runners.ending import Inbox
from seatrial.runners.labels import LABEL, RUNNER_LABEL
from seatrial.runners.life import live
from seatrial.runners.privileges import HELPER_CAPABILITIES
from seatrial.runners.untracked import Written
from seatrial.runners.ways import Way, is_rootless

_PLACE = "/seatrial"


def change_owner(api: APIClient, image: str, folder: Path) -> None:
    """`chown` everything beneath to the caller, links themselves and not what they point to."""
    outcome, output = _run(
        api, image, ("chown", "-R", "-h", _caller_inside(api), _PLACE), Mount(folder, _PLACE)
    )
    if outcome.exit_code != 0:
        raise ContainerError(
            f"files written by a container still belong to another user: {outcome.lost or output.strip()}",
            slug="ownership",
            where=str(folder),
            hint=f"sudo chown -R -h {os.getuid()}:{os.getgid()} {folder}",
        )


def files_beneath(api: APIClient, image: str, folder: Path, since: float) -> list[Written]:
    """Regular files in a folder of the engine's that are not older, with their sizes."""
    made = ("-type", "f", "-newermt", f"@{since:.3f}")
    find = ("find", _PLACE, "-xdev", *made, "-printf", "%s /%P\\0")
    outcome, output = _run(api, image, find, Mount(folder, _PLACE, read_only=True))
    if outcome.exit_code != 0:
        raise ContainerError(f"{folder} could not be listed: {outcome.lost or output}", slug="not-listed")
    entries = (entry.split(" ", 1) for entry in output.split("\0") if entry)
    return [(path, int(size)) for size, path in entries]


def _run(api: APIClient, image: str, command: tuple[str, ...], mount: Mount) -> tuple[JobOutcome, str]:
    """Run one command without network; how it ended and what it said."""
    with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
        spec = JobSpec(
            name=f"seatrial-helper-{secrets.token_hex(6)}",
            image=image,
            log_path=Path(folder) / "log.txt",
            entrypoint=command,
            command=(),
            mounts=(mount,),
            labels={LABEL: "helper", RUNNER_LABEL: "helper"},
        )
        # Its folder is one of the engine's own machine.
        outcome = live(api, spec, Inbox(), way=Way.BIND, host_cpus=1, capabilities=HELPER_CAPABILITIES)
        return outcome, spec.log_path.read_text(errors="replace") if spec.log_path.exists() else ""


def _caller_inside(api: APIClient) -> str:
    """The caller as the container knows him: under a rootless engine he is the container's root."""
    if is_rootless(api):
        return "0:0"
    return f"{os.getuid()}:{os.getgid()}"
