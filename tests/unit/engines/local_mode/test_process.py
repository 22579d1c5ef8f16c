"""The job's own process: what it is given of the caller's environment, and when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from seatrial.engines.local_mode.messages import Order
from seatrial.engines.local_mode.process import child_environment, run_child
from seatrial.ports.storage import Credentials

# Holds an order's process as the engine does, and tells its id.
_HOLDER = """
import sys, threading
from pathlib import Path
from seatrial.engines.local_mode.process import run_child
from tests.unit.engines.local_mode.test_process import order
folder = Path(sys.argv[1])
program = '''
import os, sys, threading, time
from seatrial.engines.local_mode.child import end_with_parent
sys.stdin.readline()
threading.Thread(target=end_with_parent, daemon=True).start()
print(os.getpid(), flush=True)
time.sleep(60)
'''
run_child(order(folder), folder / "log.txt", threading.Event(), program=program)
"""


def order(folder: Path) -> Order:
    return Order(
        kind="Processing",
        job_name="job-1",
        members={},
        s3_url="http://store:9000",
        reached_at="http://127.0.0.1:9000",
        region="us-east-1",
        credentials=Credentials("key", "secret-of-the-store"),
        folder=str(folder),
        container_config={},
    )


def test_nothing_of_the_callers_aws_gets_in(tmp_path: Path) -> None:
    outer = {
        "PATH": "/bin",
        "HOME": "/home/ann",
        "AWS_PROFILE": "prod",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_CONFIG_FILE": "/home/ann/.aws/config",
        "HTTPS_PROXY": "http://proxy",
        "DOCKER_HOST": "unix:///run/docker.sock",
    }
    inner = child_environment(outer, tmp_path)
    assert inner["PATH"] == "/bin"
    assert inner["DOCKER_HOST"] == "unix:///run/docker.sock"
    assert inner["DOCKER_CONFIG"] == "/home/ann/.docker"
    assert inner["HOME"] == inner["TMPDIR"] == str(tmp_path)
    assert {name for name in inner if name.startswith("AWS_")} == {
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
    }
    assert inner["AWS_CONFIG_FILE"] == os.devnull
    assert "HTTPS_PROXY" not in inner


def test_the_order_goes_through_a_pipe_and_back_again(tmp_path: Path) -> None:
    sent = order(tmp_path)
    assert Order.from_json(sent.to_json()) == sent
    program = "import sys; print(len(sys.argv), 'secret-of-the-store' in sys.stdin.readline())"
    assert run_child(sent, tmp_path / "log.txt", threading.Event(), program=program) == 0
    assert (tmp_path / "log.txt").read_text() == "1 True\n"


def test_a_process_that_dies_before_it_is_told_anything_has_its_exit_code(tmp_path: Path) -> None:
    code = run_child(order(tmp_path), tmp_path / "log.txt", threading.Event(), program="raise SystemExit(5)")
    assert code == 5


def test_it_does_not_outlive_whoever_started_it(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    root = Path(__file__).parents[4]
    with subprocess.Popen([sys.executable, "-c", _HOLDER, str(tmp_path)], cwd=root) as holder:
        process = int(_first_line(log))
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _runs(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(process)


def _first_line(log: Path) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if log.exists() and log.read_text().endswith("\n"):
            return log.read_text().splitlines()[0]
        time.sleep(0.02)
    raise AssertionError("nothing was printed")


def _runs(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
