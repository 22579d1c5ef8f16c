"""Runs the job's own process: an environment of its own, its output into the log, ended when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from seatrial.engines.local_mode.messages import Order

# Not `-m`: that would put the current folder before our own libraries.
CHILD = """
import sys
sys.path[:] = filter(None, sys.path)
from seatrial.engines.local_mode.child import main
main()
"""
# Where programs, libraries and Docker Engine are; nothing else of the caller's is the job's business.
_KEPT = frozenset(
    {
        "PATH",
        "PYTHONPATH",
        "PYTHONHOME",
        "LD_LIBRARY_PATH",
        "XDG_RUNTIME_DIR",
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "DOCKER_CERT_PATH",
        "DOCKER_TLS_VERIFY",
        "DOCKER_API_VERSION",
    }
)
_POLL_SECONDS = 0.1


def run_child(order: Order, log: Path, stop: threading.Event, *, program: str) -> int:
    """Wait for the end of a Python program; its exit code, negative for a signal.

    A stop kills it and all that it started.
    """
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603  # our own interpreter, our own code
            [sys.executable, "-u", "-c", program],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=order.folder,
            env=child_environment(os.environ, Path(order.folder)),
            start_new_session=True,
        ) as child,
    ):
        try:
            _tell(child, order)
            return _wait(child, stop)
        finally:
            _kill(child)


def child_environment(outer: Mapping[str, str], folder: Path) -> dict[str, str]:
    """No AWS keys or configuration of the caller's; home and temporary files lie in the attempt's folder."""
    docker = outer.get("DOCKER_CONFIG") or str(Path(outer.get("HOME") or "/root") / ".docker")
    return {
        **{name: value for name, value in outer.items() if name in _KEPT},
        "DOCKER_CONFIG": docker,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
        # The keys last longer than any job, and nobody is to be asked for others.
        "USE_SHORT_LIVED_CREDENTIALS": "1",
    }


def _tell(child: subprocess.Popen[bytes], order: Order) -> None:
    """Its stdin stays open: by its closing it learns that we are gone."""
    if child.stdin is None:
        raise RuntimeError("a pipe was asked for")
    with suppress(BrokenPipeError):  # it died at once: its exit code tells
        child.stdin.write(order.to_json().encode() + b"\n")


def _wait(child: subprocess.Popen[bytes], stop: threading.Event) -> int:
    while True:
        try:
            return child.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """The whole group: Docker Compose outlives its parent otherwise."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
