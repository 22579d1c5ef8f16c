"""Starting a daemon, tried with a stand-in that answers as one: a program named `dockerd` on a socket."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners.daemon import Daemon, answers, start

# Listens where it was told to, after `delay` seconds, and knows its version: all that a client asks first.
STAND_IN = """#!{python}
import http.server, json, os, socketserver, sys, time
options = dict(argument[2:].split("=", 1) for argument in sys.argv[1:])
if "complaint" in options:
    sys.exit(options["complaint"])
with open(options["pidfile"], "w") as file:
    file.write(str(os.getpid()))
time.sleep(float(options.get("delay", 0)))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"ApiVersion": "1.41"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def address_string(self):
        return "client"
path = options["host"].removeprefix("unix://")
if os.path.exists(path):
    os.unlink(path)
socketserver.UnixStreamServer(path, Answer).serve_forever()
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon that can be started; ended with the test."""
    program = tmp_path / "bin" / "dockerd"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    daemon = Daemon(
        socket=tmp_path / "docker.sock",
        pid_file=tmp_path / "docker.pid",
        exec_root=tmp_path / "exec",
        log_file=tmp_path / "logs" / "daemon.log",
        system_containerd=tmp_path / "containerd.sock",
        program=str(program),
        patience_seconds=15,
    )
    yield daemon
    if answers(daemon):
        os.kill(int(daemon.pid_file.read_text()), signal.SIGKILL)


def with_arguments(daemon: Daemon, *arguments: str) -> Daemon:
    """The same daemon, started otherwise."""
    return Daemon(**{**vars(daemon), "arguments": arguments})


def test_it_is_started_detached_and_waited_for(daemon: Daemon) -> None:
    said: list[str] = []
    start(with_arguments(daemon, "--delay=0.5"), said.append)
    assert answers(daemon)
    assert str(daemon.log_file) in said[0]
    assert os.getsid(int(daemon.pid_file.read_text())) != os.getsid(0)


def test_one_that_is_starting_already_is_waited_for(daemon: Daemon) -> None:
    with subprocess.Popen(
        [daemon.program, f"--host=unix://{daemon.socket}", f"--pidfile={daemon.pid_file}", "--delay=0.5"]
    ) as starting:
        while not daemon.pid_file.exists() or not daemon.pid_file.read_text():
            time.sleep(0.01)
        said: list[str] = []
        start(daemon, said.append)
        assert said == ["waiting for the Docker Engine that is starting already"]
        assert int(daemon.pid_file.read_text()) == starting.pid
        starting.kill()


def test_what_a_killed_one_left_is_cleared_away(daemon: Daemon) -> None:
    daemon.pid_file.write_text(str(os.getpid()))  # its number belongs to another program now
    daemon.socket.touch()
    daemon.system_containerd.touch()
    stale = daemon.exec_root / "containerd" / "containerd.pid"
    stale.parent.mkdir(parents=True)
    stale.write_text(str(os.getpid()))
    start(daemon, lambda line: None)
    assert int(daemon.pid_file.read_text()) != os.getpid()
    assert not stale.exists()
    assert not daemon.system_containerd.exists()


def test_one_that_ends_at_once_is_quoted(daemon: Daemon) -> None:
    with pytest.raises(EnvironmentUnfitError, match=r"(?s)ended at once.*no space on this device") as trouble:
        start(with_arguments(daemon, "--complaint=no space on this device"), lambda line: None)
    assert trouble.value.where == str(daemon.log_file)


def test_one_that_never_answers_is_given_up(daemon: Daemon) -> None:
    slow = Daemon(**{**vars(daemon), "arguments": ("--delay=60",), "patience_seconds": 0.6})
    with pytest.raises(EnvironmentUnfitError, match="did not answer"):
        start(slow, lambda line: None)
    os.kill(int(daemon.pid_file.read_text()), signal.SIGKILL)
