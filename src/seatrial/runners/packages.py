"""Installs Docker Engine and Docker Compose from the system's own packages; for root on Debian and Ubuntu."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners.composing import compose_packages, install_compose_command
from seatrial.runners.connection import DAEMON_PATH, install_command

_PACKAGES = ("docker.io", "iptables", "iproute2", "ca-certificates")
_PAUSES = (0.0, 3.0, 10.0)
_APT_OPTIONS = (
    "-y",
    "-o=DPkg::Lock::Timeout=300",  # another apt on a fresh machine is at work more often than not
    "-o=Acquire::Retries=3",
    "-o=Dpkg::Use-Pty=0",
)
_TOLD = ("Get:", "Setting up ", "E: ")


def install_engine(
    progress: Callable[[str], None], *, program: str = "apt-get", pauses: tuple[float, ...] = _PAUSES
) -> None:
    """Install the engine, trying again where a mirror stumbles; raise if it cannot be had."""
    _install(
        _Wanted("Docker Engine", "docker", _PACKAGES, install_command(), _packages_of_this_kernel),
        progress,
        program,
        pauses,
    )


def install_compose(
    progress: Callable[[str], None], *, program: str = "apt-get", pauses: tuple[float, ...] = _PAUSES
) -> None:
    """Install Docker Compose in the same way."""
    _install(
        _Wanted("Docker Compose", "compose", compose_packages(), install_compose_command()),
        progress,
        program,
        pauses,
    )


@dataclass(frozen=True)
class _Wanted:
    """What is to be installed: its name, the beginning of its slugs, what a user would type."""

    name: str
    slug: str
    packages: tuple[str, ...]
    command: str
    more: Callable[[], list[str]] = list


def _install(
    wanted: _Wanted, progress: Callable[[str], None], program: str, pauses: tuple[float, ...]
) -> None:
    apt = shutil.which(program, path=DAEMON_PATH)
    if apt is None:
        raise EnvironmentUnfitError(
            f"{wanted.name} is not installed, and this system has no apt-get to install it with",
            slug=f"{wanted.slug}-missing",
            hint=wanted.command,
        )
    last_lines: deque[str] = deque(maxlen=8)
    for pause in pauses:
        time.sleep(pause)
        progress(f"installing {wanted.name} ({wanted.packages[0]}) with apt-get")
        _run(apt, ("update",), progress, last_lines)  # a broken third-party source need not matter
        packages = (*wanted.packages, *wanted.more())
        if _run(apt, ("install", "--no-install-recommends", *packages), progress, last_lines) == 0:
            return
    raise EnvironmentUnfitError(
        f"{wanted.name} could not be installed:\n" + "\n".join(last_lines),
        slug=f"{wanted.slug}-not-installed",
        hint=f"apt-get update && apt-get install -y {' '.join(wanted.packages)}",
    )


def _packages_of_this_kernel() -> list[str]:
    """What else the daemon needs on some machines."""
    more = []
    enabled = Path("/sys/module/apparmor/parameters/enabled")
    if enabled.exists() and enabled.read_text().startswith("Y"):
        more.append("apparmor")  # containers do not start without its parser
    if "cgroup" not in Path("/proc/mounts").read_text():
        more.append("cgroupfs-mount")  # no init system mounted them
    return more


def _run(
    apt: str, arguments: tuple[str, ...], progress: Callable[[str], None], last_lines: deque[str]
) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": DAEMON_PATH, "LC_ALL": "C"}
    with subprocess.Popen(  # noqa: S603  # a fixed command of the system's own
        [apt, *_APT_OPTIONS, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        for line in process.stdout or ():
            last_lines.append(line.rstrip())
            if line.startswith(_TOLD):
                progress(f"  {line.strip()[:100]}")
    return process.returncode
