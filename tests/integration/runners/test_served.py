"""Containers that answer requests, in Docker: reached, isolated, ended, left behind."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path

import docker
import pytest
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial.errors import ContainerError
from seatrial.images import Images
from seatrial.ports.runners import JobSpec
from seatrial.runners import DockerRunner

Spec = Callable[..., JobSpec]
PORT = 8080
SERVER = ("python3", "-m", "http.server", str(PORT), "--directory", "/etc")


@pytest.fixture
def spec(images: Images, tmp_path: Path) -> Spec:
    """The spec of a container of the base image with a name of its own."""

    def make(*command: str, network: str | None = "bridge") -> JobSpec:
        return JobSpec(
            name=f"served-{secrets.token_hex(4)}",
            image=images.ensure("base"),
            log_path=tmp_path / "log.txt",
            entrypoint=command,
            network=network,
            labels={"seatrial.execution": "served-test"},
            grace_seconds=1.0,
            init=True,
        )

    return make


def ask(url: str, seconds: float = 10.0) -> str:
    """What the server answers once it listens."""
    deadline = time.monotonic() + seconds
    with PoolManager(timeout=Timeout(1.0), retries=False) as http:
        while True:
            try:
                return http.request("GET", f"{url}/hostname").data.decode()
            except HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def exists(client: docker.DockerClient, name: str) -> bool:
    return bool(client.containers.list(all=True, ignore_removed=True, filters={"name": name}))


def networks(client: docker.DockerClient, name: str) -> list[str]:
    return [network.name for network in client.networks.list(filters={"name": name})]


def test_a_container_is_asked_by_every_address_it_has_and_stopped_afterwards(
    runner: DockerRunner, docker_client: docker.DockerClient, spec: Spec
) -> None:
    wanted = spec(*SERVER)
    with runner.serve(wanted, PORT) as served:
        assert len(served.urls) == 2, "its own address, and the published one"
        assert len({ask(url) for url in served.urls}) == 1
        assert not served.ended
    outcome = served.outcome()
    runner.settle(wanted.name)
    assert (outcome.stopped, outcome.timed_out) == (True, False)
    assert "GET /hostname" in wanted.log_path.read_text()
    assert not exists(docker_client, wanted.name)


def test_a_container_without_network_answers_us_and_reaches_nobody(
    runner: DockerRunner, docker_client: docker.DockerClient, spec: Spec
) -> None:
    look = (
        "import socket, http.server as h\n"
        "try: socket.create_connection(('1.1.1.1', 53), 2); print('reached the world', flush=True)\n"
        "except OSError: print('reached nobody', flush=True)\n"
        f"h.HTTPServer(('', {PORT}), h.SimpleHTTPRequestHandler).serve_forever()\n"
    )
    wanted = spec("sh", "-c", f'cd /etc && exec python3 -c "{look}"', network=None)
    with runner.serve(wanted, PORT) as served:
        assert ask(served.urls[0])
        assert networks(docker_client, wanted.name) == [f"seatrial-{wanted.name}"]
    assert "reached nobody" in wanted.log_path.read_text()
    assert networks(docker_client, wanted.name) == []


def test_a_container_that_ends_of_itself_tells_how(runner: DockerRunner, spec: Spec) -> None:
    with runner.serve(spec("sh", "-c", "exit 7"), PORT) as served:
        outcome = served.outcome()
        assert served.ended
    assert (outcome.exit_code, outcome.stopped) == (7, False)


def test_what_cannot_be_executed_ended_before_it_could_answer(runner: DockerRunner, spec: Spec) -> None:
    wanted = spec("no-such-program")
    with runner.serve(JobSpec(**{**vars(wanted), "init": False}), PORT) as served:
        assert (served.urls, served.outcome().exit_code) == ((), 127)


def test_what_never_started_raises(runner: DockerRunner, spec: Spec) -> None:
    wanted = spec(*SERVER)
    with (
        pytest.raises(ContainerError),
        runner.serve(JobSpec(**{**vars(wanted), "image": "no-such-image:1"}), PORT),
    ):
        pass


def test_a_stop_from_elsewhere_ends_it(runner: DockerRunner, spec: Spec) -> None:
    wanted = spec(*SERVER)
    with runner.serve(wanted, PORT) as served:
        ask(served.urls[0])
        runner.stop(wanted.name)
        assert served.outcome().stopped


def test_the_networks_of_a_killed_process_are_swept(
    runner: DockerRunner, docker_client: docker.DockerClient, spec: Spec
) -> None:
    name = f"seatrial-left-{secrets.token_hex(4)}"
    labels = {"seatrial.runner": "job", "seatrial.execution": name}
    docker_client.networks.create(name, driver="bridge", internal=True, labels=labels)
    runner.sweep({"seatrial.execution": name})
    assert networks(docker_client, name) == []
