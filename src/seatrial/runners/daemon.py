"""Starts an installed Docker daemon and waits until it answers; for root."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners.connection import DAEMON_PATH, DEFAULT_SOCKET, connect, knock

_LOOK_EVERY = 0.2
_TELL_EVERY = 5.0
# `$0` and `$@` are the daemon and its arguments. The shell ends at once, so that the daemon is nobody's
# child and belongs to no terminal: Ctrl-C in ours does not reach it.
_DETACH = 'setsid "$0" "$@" >>"$SEATRIAL_DAEMON_LOG" 2>&1 </dev/null & echo $!'


@dataclass(frozen=True)
class Daemon:
    """A Docker daemon of this machine by its places; the default is the system's own."""

    socket: Path = DEFAULT_SOCKET
    pid_file: Path = Path("/var/run/docker.pid")
    exec_root: Path = Path("/var/run/docker")
    log_file: Path = Path("/var/log/seatrial-dockerd.log")
    system_containerd: Path = Path("/run/containerd/containerd.sock")
    program: str = "dockerd"
    arguments: tuple[str, ...] = ()
    patience_seconds: float = 90.0

    @property
    def is_systemds(self) -> bool:
        """Whether systemd looks after it."""
        return self.socket == DEFAULT_SOCKET and Path("/run/systemd/system").is_dir()


def answers(daemon: Daemon) -> bool:
    """Whether an engine answers behind its socket."""
    try:
        connect(socket=daemon.socket).close()
    except EnvironmentUnfitError:
        return False
    return True


def start(daemon: Daemon, progress: Callable[[str], None]) -> None:
    """Start it unless it is starting already, and wait; raise with its last words if it does not come up."""
    if daemon.is_systemds:
        progress("starting Docker Engine with systemctl")
        _start_by_systemd()
        pid = None
    elif _alive(daemon.pid_file, "dockerd") is not None:
        progress("waiting for the Docker Engine that is starting already")
        pid = None
    else:
        progress(f"starting Docker Engine (its log: {daemon.log_file})")
        _clear_stale(daemon)
        pid = _launch(daemon)
    _wait(daemon, pid, progress)


def _start_by_systemd() -> None:
    systemctl = shutil.which("systemctl", path=DAEMON_PATH) or "systemctl"
    done = subprocess.run(  # noqa: S603  # a fixed command of the system's own
        [systemctl, "start", "docker"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EnvironmentUnfitError(
            f"Docker Engine could not be started: {done.stderr.strip()}",
            slug="docker-not-started",
            where="docker.service",
            hint="journalctl -u docker -n 50 --no-pager",
        )


def _launch(daemon: Daemon) -> int:
    """Run the daemon detached; its process id."""
    command = [
        shutil.which(daemon.program, path=DAEMON_PATH) or daemon.program,
        f"--host=unix://{daemon.socket}",
        f"--pidfile={daemon.pid_file}",
        f"--exec-root={daemon.exec_root}",
        *daemon.arguments,
    ]
    daemon.log_file.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PATH": DAEMON_PATH, "SEATRIAL_DAEMON_LOG": str(daemon.log_file)}
    shell = subprocess.run(  # noqa: S603  # our own line of shell; arguments are passed apart from it
        ["/bin/sh", "-c", _DETACH, *command],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
        cwd="/",
    )
    return int(shell.stdout)


def _wait(daemon: Daemon, pid: int | None, progress: Callable[[str], None]) -> None:
    """Look until it answers, has died, or the time is up."""
    began = told = time.monotonic()
    while not answers(daemon):
        now = time.monotonic()
        died = pid is not None and _command(pid) is None and _alive(daemon.pid_file, "dockerd") is None
        if died or now - began > daemon.patience_seconds:
            raise _not_started(
                daemon, "ended at once" if died else f"did not answer in {daemon.patience_seconds:.0f} s"
            )
        if now - told > _TELL_EVERY:
            told = now
            progress(f"  still waiting for Docker Engine ({now - began:.0f} s)")
        time.sleep(_LOOK_EVERY)


def _not_started(daemon: Daemon, what: str) -> EnvironmentUnfitError:
    try:
        lines = daemon.log_file.read_text(errors="replace").splitlines()
        tail = "\n".join([line for line in lines if "level=info" not in line][-5:])
    except OSError:
        tail = "(no log)"
    return EnvironmentUnfitError(
        f"Docker Engine {what}; its last words:\n{tail}",
        slug="docker-not-started",
        where=str(daemon.log_file),
        hint=f"read {daemon.log_file}; this machine may not be allowed to run containers",
    )


def _clear_stale(daemon: Daemon) -> None:
    """Remove what a killed daemon or a restarted machine left, and what keeps a new one from starting."""
    _alive(daemon.pid_file, "dockerd", remove=True)
    _alive(daemon.exec_root / "containerd" / "containerd.pid", "containerd", remove=True)
    if daemon.system_containerd.exists() and not _listens(daemon.system_containerd):
        daemon.system_containerd.unlink(missing_ok=True)  # dockerd would wait for it in vain


def _alive(pid_file: Path, command: str, *, remove: bool = False) -> int | None:
    """The process that the file names if it is that command; process ids are used again by others."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        pid = None
    if pid is not None and _command(pid) == command:
        return pid
    if remove:
        pid_file.unlink(missing_ok=True)
    return None


def _command(pid: int) -> str | None:
    """What a living process runs; a dead one that nobody collected counts as none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    name, _, rest = status.partition("(")[2].rpartition(")")
    return None if rest.split()[0] == "Z" else name


def _listens(path: Path) -> bool:
    try:
        knock(path)
    except OSError:
        return False
    return True
