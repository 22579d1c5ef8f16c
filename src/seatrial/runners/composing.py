"""Whether the Docker Compose that the SageMaker SDK looks for is installed; starts no container."""

from __future__ import annotations

import os
import shutil
import subprocess

from seatrial.runners.connection import DAEMON_PATH

_ANSWER_SECONDS = 30.0


def compose_version() -> str | None:
    """The version that will be used, None if there is none.

    Asked as the SDK asks: `docker compose`, but only one that calls itself v2, else `docker-compose`;
    without Docker's own command line it does not get as far.
    """
    docker = shutil.which("docker")
    if docker is None:
        return None
    plugin = _said(docker, "compose", "version")
    if "v2" in plugin:
        return plugin
    program = shutil.which("docker-compose")
    return (_said(program, "version", "--short") or program) if program else None


def compose_packages() -> tuple[str, ...]:
    """What is to be installed; Docker's command line is a package of its own on newer systems."""
    return ("docker-compose",) if shutil.which("docker") else ("docker-compose", "docker-cli")


def install_compose_command() -> str:
    """What installs it on this machine, for a user to type."""
    if shutil.which("apt-get", path=DAEMON_PATH):
        sudo = "" if os.geteuid() == 0 else "sudo "
        return f"{sudo}apt-get update && {sudo}apt-get install -y {' '.join(compose_packages())}"
    return "follow https://docs.docker.com/compose/install/ for this system"


def _said(*command: str) -> str:
    try:
        ended = subprocess.run(  # noqa: S603  # Docker's own programs, as found on PATH
            command, capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""
