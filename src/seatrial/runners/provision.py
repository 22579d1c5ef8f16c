"""Sees to it that a Docker Engine answers: installs and starts one where root may, else says what to type.

Docker Compose, which one job engine needs, is installed in the same way and only for that one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners.composing import compose_version, install_compose_command
from seatrial.runners.connection import DAEMON_PATH, connect, installed
from seatrial.runners.daemon import Daemon, answers, start
from seatrial.runners.packages import install_compose, install_engine

_OURS_TO_MEND = ("docker-missing", "docker-not-running")


def ensure_engine(progress: Callable[[str], None], *, daemon: Daemon | None = None) -> None:
    """Return when an engine answers; raise `EnvironmentUnfitError` with the exact command if we may not help.

    Without `daemon`, the engine that `connect()` would use; an engine that the user chose elsewhere
    (DOCKER_HOST, a context) is never started by us.
    """
    chosen = daemon or Daemon()
    try:
        connect(socket=daemon.socket if daemon else None).close()
    except EnvironmentUnfitError as unfit:
        if os.geteuid() != 0 or not (daemon or unfit.slug in _OURS_TO_MEND):
            raise
    else:
        return
    with _alone(progress):
        if answers(chosen):
            return
        if not installed():
            install_engine(progress)
        start(chosen, progress)
    progress("Docker Engine answers")


def ensure_compose(progress: Callable[[str], None]) -> None:
    """Return when there is a Docker Compose; install it where root may, else raise with the exact command."""
    if compose_version() is not None:
        return
    if os.geteuid() != 0 or shutil.which("apt-get", path=DAEMON_PATH) is None:
        raise _no_compose()
    with _alone(progress):
        if compose_version() is None:
            install_compose(progress)
    if compose_version() is None:
        raise _no_compose()


def _no_compose() -> EnvironmentUnfitError:
    return EnvironmentUnfitError(
        "the engine local-mode needs Docker Compose and Docker's command line, and they are not installed",
        slug="compose-missing",
        hint=install_compose_command(),
    )


@contextmanager
def _alone(progress: Callable[[str], None]) -> Iterator[None]:
    """One process of this machine at a time: two daemons over one data folder would damage it."""
    place = Path("/run") if Path("/run").is_dir() else Path(tempfile.gettempdir())
    with (place / "seatrial-provision.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("waiting for another seatrial that sets up Docker Engine")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
