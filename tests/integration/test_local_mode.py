"""The network that Docker Compose's containers are put on, on a real engine."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from seatrial.images import Images
from seatrial.runners.compose import ComposeNetwork


@pytest.fixture
def name() -> str:
    """A network of the test's own."""
    return f"seatrial-test-{secrets.token_hex(4)}"


@pytest.fixture
def network(docker_client: docker.DockerClient, name: str, tmp_path: Path) -> ComposeNetwork:
    """As an engine has it."""
    return ComposeNetwork(lambda: docker_client, name, tmp_path / "locks")


@pytest.fixture(scope="module")
def server(docker_client: docker.DockerClient, images: Images) -> Iterator[Container]:
    """A container on the default bridge, as the store is."""
    container = docker_client.containers.run(
        images.ensure("base"), ["sleep", "300"], detach=True, labels={"seatrial.test": "server"}
    )
    container.reload()
    yield container
    container.remove(force=True)


def address(server: Container, network: str = "bridge") -> str:
    """Where it is there; nothing if it is not."""
    server.reload()
    return str(server.attrs["NetworkSettings"]["Networks"].get(network, {}).get("IPAddress", ""))


def test_whoever_is_reached_is_on_the_network_until_the_last_user_has_gone(
    docker_client: docker.DockerClient, network: ComposeNetwork, server: Container, name: str, tmp_path: Path
) -> None:
    other_process = ComposeNetwork(lambda: docker_client, name, tmp_path / "locks")
    with network.reaching("bridge", address(server)) as first:
        with other_process.reaching("bridge", address(server)) as second:
            assert first == second == address(server, name) != ""
        assert address(server, name) == first
    assert address(server, name) == ""
    assert docker_client.networks.list(names=[name]) == []


def test_a_container_is_known_by_its_name_as_well(network: ComposeNetwork, server: Container) -> None:
    with network.reaching("bridge", str(server.name)) as found:
        assert found


def test_for_an_address_that_is_no_container_there_is_the_network_alone(
    docker_client: docker.DockerClient, network: ComposeNetwork, name: str
) -> None:
    with network.reaching("bridge", "s3.example.com") as found:
        assert found is None
        assert len(docker_client.networks.list(names=[name])) == 1
    assert docker_client.networks.list(names=[name]) == []


def test_a_network_that_is_not_known_holds_nobody(network: ComposeNetwork) -> None:
    with network.reaching("no-such-network", "10.0.0.1") as found:
        assert found is None


def test_a_network_that_somebody_else_made_is_used_and_left(
    docker_client: docker.DockerClient, network: ComposeNetwork, server: Container, name: str
) -> None:
    made = docker_client.networks.create(name)
    try:
        with network.reaching("bridge", address(server)) as found:
            assert found == address(server, name)
        assert address(server, name) == ""
        assert [each.id for each in docker_client.networks.list(names=[name])] == [made.id]
    finally:
        made.remove()


def test_a_joining_that_a_killed_process_left_is_taken_over(
    docker_client: docker.DockerClient, network: ComposeNetwork, server: Container, name: str
) -> None:
    labels = {"com.docker.compose.network": name, "com.docker.compose.project": "seatrial"}
    docker_client.networks.create(name, labels=labels).connect(server)
    with network.reaching("bridge", address(server)) as found:
        assert found == address(server, name)
    assert docker_client.networks.list(names=[name]) == []


def test_what_a_killed_process_had_joined_is_taken_back_unless_somebody_uses_it(
    docker_client: docker.DockerClient, network: ComposeNetwork, server: Container, name: str, tmp_path: Path
) -> None:
    program = (
        "import docker, time; from pathlib import Path\n"
        "from seatrial.runners.compose import ComposeNetwork\n"
        f"network = ComposeNetwork(docker.from_env, {name!r}, Path({str(tmp_path / 'locks')!r}))\n"
        f"with network.reaching('bridge', {address(server)!r}):\n"
        "    print('there', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert not network.forget()
        assert address(server, name)
        other.kill()
    assert network.forget()
    assert address(server, name) == ""
    assert docker_client.networks.list(names=[name]) == []
    assert not network.forget()


def test_ended_containers_tell_their_exit_codes(
    docker_client: docker.DockerClient, network: ComposeNetwork, images: Images, name: str
) -> None:
    labels = {"seatrial.runner": "test", "seatrial.job": name}
    container = docker_client.containers.run(
        images.ensure("base"), ["sh", "-c", "exit 130"], detach=True, labels=labels
    )
    try:
        container.wait()
        assert network.exit_codes({"seatrial.job": name}) == [130]
        assert network.exit_codes({"seatrial.job": "another"}) == []
    finally:
        container.remove(force=True)


def test_an_engine_on_this_machine_sees_our_folders(
    network: ComposeNetwork, images: Images, tmp_path: Path
) -> None:
    assert network.sees(tmp_path, images.ensure("base"))
    assert list(tmp_path.iterdir()) == []
