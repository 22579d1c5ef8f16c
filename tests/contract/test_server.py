"""What every server of containers does, asked of the one in memory and of Docker Engine alike."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial.images import Images
from seatrial.ports.runners import JobSpec, Served, Server
from seatrial.runners import DockerRunner
from tests.adapters.memory_server import MemoryServer

PORT = 8080
_SERVER = """
from http.server import BaseHTTPRequestHandler as Base, HTTPServer
class Handler(Base):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()
HTTPServer(('', 8080), Handler).serve_forever()
"""


@dataclass
class Subject:
    """A server, and what makes it serve; both have a `stop`."""

    server: Server
    stop: Callable[[str], None]
    spec: JobSpec


def _memory(request: pytest.FixtureRequest, log: Path) -> Subject:
    server = MemoryServer()
    return Subject(server, server.stop, JobSpec(name="served", image="image:1", log_path=log))


def _docker(request: pytest.FixtureRequest, log: Path) -> Subject:
    runner: DockerRunner = request.getfixturevalue("runner")
    images: Images = request.getfixturevalue("images")
    spec = JobSpec(
        name=f"contract-{secrets.token_hex(4)}",
        image=images.ensure("base"),
        log_path=log,
        entrypoint=("python3", "-c", _SERVER),
        network="bridge",
        grace_seconds=1.0,
        init=True,
    )
    return Subject(runner, runner.stop, spec)


@pytest.fixture(params=[_memory, _docker], ids=["memory", "docker"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    """Each server in turn."""
    made: Subject = request.param(request, tmp_path / "log.txt")
    return made


def answers(served: Served) -> bool:
    """Whether it answers at one of its addresses, as soon as it listens."""
    deadline = time.monotonic() + 10
    with PoolManager(timeout=Timeout(1.0), retries=False) as http:
        while time.monotonic() < deadline:
            for url in served.urls:
                try:
                    return http.request("GET", f"{url}/ping").status == 200
                except HTTPError:
                    time.sleep(0.05)
    return False


def test_it_answers_until_it_is_left(subject: Subject) -> None:
    with subject.server.serve(subject.spec, PORT) as served:
        assert answers(served)
        assert not served.ended
    assert served.ended
    assert served.outcome().stopped


def test_a_stop_from_elsewhere_is_noticed(subject: Subject) -> None:
    with subject.server.serve(subject.spec, PORT) as served:
        assert answers(served)
        subject.stop(subject.spec.name)
        assert served.outcome().stopped
        assert served.ended


def test_it_is_stopped_too_when_the_caller_fails(subject: Subject) -> None:
    left: list[Served] = []

    def fail(served: Served) -> None:
        left.append(served)
        raise ValueError("of the caller")

    with pytest.raises(ValueError, match="of the caller"), subject.server.serve(subject.spec, PORT) as served:
        fail(served)
    assert left[0].ended


def test_the_same_name_can_be_served_again(subject: Subject) -> None:
    for _ in range(2):
        with subject.server.serve(subject.spec, PORT) as served:
            assert answers(served)
