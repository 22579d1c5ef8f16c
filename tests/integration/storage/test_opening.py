"""One store per project: found, started, started again, never two; and where containers reach it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import docker
import pytest

from seatrial.errors import StorageError
from seatrial.images import Images
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.settings import Settings, StoreSettings
from seatrial.storage import ContentCache, MinioStore, ephemeral_store, find_store, open_store, stop_store
from seatrial.storage.ephemeral import OWNER_LABEL
from seatrial.storage.launching import STORE_LABEL
from seatrial.storage.opening import project_id

Image = Callable[[], str]


@pytest.fixture(scope="module")
def minio_image(images: Images) -> Image:
    """The image that stores run."""
    reference = images.ensure("minio")
    return lambda: reference


@pytest.fixture
def project(settings: Settings) -> Iterator[Settings]:
    """A project whose store, container and volume are gone afterwards."""
    yield settings
    stop_store(settings, remove_data=True)


def no_image() -> str:
    raise AssertionError("the image must not be asked for: a store is there")


def containers_of(
    client: docker.DockerClient, settings: Settings
) -> list[docker.models.containers.Container]:
    return client.containers.list(all=True, filters={"label": f"{STORE_LABEL}={project_id(settings)}"})


def store_at(address: StoreAddress, settings: Settings) -> MinioStore:
    return MinioStore(address, ContentCache(settings.cache_dir / "content"))


def asked_from_a_container(client: docker.DockerClient, images: Images, address: StoreAddress) -> str:
    """What a container on the store's network gets at the address meant for containers."""
    url = f"{address.container_endpoint_url}/minio/health/ready"
    program = f"import urllib.request; print(urllib.request.urlopen({url!r}, timeout=10).status)"
    answer = client.containers.run(
        images.ensure("base"),
        entrypoint=["python3", "-c", program],
        network=address.network,
        extra_hosts=dict(address.hosts),
        remove=True,
    )
    return answer.decode().strip()


def test_a_store_is_started_found_again_stopped_and_started_again_with_its_data(
    project: Settings, minio_image: Image, docker_client: docker.DockerClient, images: Images
) -> None:
    assert find_store(project) is None
    assert not stop_store(project)

    first = open_store(project, image=minio_image)
    store_at(first, project).write(S3Uri("kept", "yesterday"), b"data")
    assert open_store(project, image=no_image) == first
    assert find_store(project) == first
    assert asked_from_a_container(docker_client, images, first) == "200"

    [container] = containers_of(docker_client, project)
    assert {binding["HostIp"] for binding in container.ports["9000/tcp"]} == {"127.0.0.1"}
    assert first.credentials.access_key != "minioadmin"

    assert stop_store(project)
    assert find_store(project) is None
    again = open_store(project, image=no_image)
    assert again.credentials == first.credentials
    assert store_at(again, project).read(S3Uri("kept", "yesterday")) == b"data"

    container.remove(force=True)
    anew = open_store(project, image=minio_image)
    assert anew.credentials != first.credentials
    assert store_at(anew, project).read(S3Uri("kept", "yesterday")) == b"data"

    stop_store(project, remove_data=True)
    assert containers_of(docker_client, project) == []
    assert f"seatrial-store-{project_id(project)}" not in [each.name for each in docker_client.volumes.list()]


def test_processes_that_race_end_with_one_store(
    project: Settings, minio_image: Image, docker_client: docker.DockerClient
) -> None:
    program = (
        "import sys; from pathlib import Path; from seatrial.settings import Settings;"
        "from seatrial.storage import open_store;"
        "print(open_store(Settings(state_dir=Path(sys.argv[1])), image=lambda: sys.argv[2]).endpoint_url)"
    )
    command = [sys.executable, "-c", program, str(project.state_dir), minio_image()]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [racer.communicate(timeout=120)[0].strip() for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert len(set(answers)) == 1
    assert answers[0].startswith("http://127.0.0.1:")
    assert len(containers_of(docker_client, project)) == 1


def test_two_projects_have_two_stores(project: Settings, tmp_path: Path) -> None:
    other = Settings(state_dir=tmp_path / "other")
    assert project_id(project) != project_id(other)
    link = tmp_path / "link"
    project.state_dir.mkdir(parents=True)
    link.symlink_to(project.state_dir)
    assert project_id(Settings(state_dir=link)) == project_id(project)


def test_the_store_of_the_projects_compose_file_is_taken_and_no_other(
    tmp_path: Path, store_address: StoreAddress, docker_client: docker.DockerClient, minio_image: Image
) -> None:
    settings = Settings(state_dir=tmp_path / "here" / ".seatrial")
    elsewhere = Settings(state_dir=tmp_path / "elsewhere" / ".seatrial")
    network = docker_client.networks.create(f"seatrial-test-{project_id(settings)}")
    container = docker_client.containers.run(
        minio_image(),
        ["server", "/data", "--address", ":9000"],
        detach=True,
        network=network.name,
        ports={"9000/tcp": ("127.0.0.1", None)},
        environment={"MINIO_ROOT_USER": "composed", "MINIO_ROOT_PASSWORD": "composed-secret"},
        labels={
            STORE_LABEL: "compose",
            "com.docker.compose.project.working_dir": str(tmp_path / "here"),
        },
    )
    try:
        address = open_store(settings, image=no_image)
        assert address.credentials.access_key == "composed"
        assert address.network == network.name
        assert urlsplit(address.container_endpoint_url).hostname not in ("127.0.0.1", "localhost")
        assert store_at(address, settings).buckets() == []
        assert find_store(elsewhere) is None
        assert not stop_store(settings)
        container.reload()
        assert container.status == "running"
    finally:
        container.remove(force=True, v=True)
        network.remove()


def test_an_endpoint_on_localhost_that_a_container_publishes_is_reached_at_that_container(
    settings: Settings, store_address: StoreAddress, docker_client: docker.DockerClient, images: Images
) -> None:
    keys = store_address.credentials
    store = StoreSettings(
        endpoint_url=store_address.endpoint_url.replace("127.0.0.1", "localhost") + "/",
        access_key=keys.access_key,
        secret_key=keys.secret_key,
    )
    address = open_store(settings.model_copy(update={"store": store}), image=no_image)
    assert address.container_endpoint_url == store_address.container_endpoint_url
    assert (address.network, dict(address.hosts)) == ("bridge", {})
    assert store_at(address, settings).buckets() is not None
    assert asked_from_a_container(docker_client, images, address) == "200"


class Ready(BaseHTTPRequestHandler):
    """A store of the host itself, as far as it is asked here."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_endpoint_of_the_host_itself_is_reached_by_the_hosts_name(
    settings: Settings, docker_client: docker.DockerClient, images: Images
) -> None:
    with ThreadingHTTPServer(("", 0), Ready) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        store = StoreSettings(
            endpoint_url=f"http://127.0.0.1:{server.server_port}", access_key="key", secret_key="secret"
        )
        address = open_store(settings.model_copy(update={"store": store}), image=no_image)
        assert address.container_endpoint_url == f"http://host.docker.internal:{server.server_port}"
        assert dict(address.hosts) == {"host.docker.internal": "host-gateway"}
        assert asked_from_a_container(docker_client, images, address) == "200"
        server.shutdown()


def test_an_ephemeral_store_dies_with_its_block_and_takes_its_data_along(
    settings: Settings, minio_image: Image, docker_client: docker.DockerClient
) -> None:
    with ephemeral_store(settings, image=minio_image) as address:
        store_at(address, settings).write(S3Uri("bucket", "key"), b"x")
        assert find_store(settings) is None
        volumes = volumes_behind(address, docker_client)
    with pytest.raises(StorageError):
        store_at(address, settings).buckets()
    assert len(volumes) == 1
    assert not volumes & {each.id for each in docker_client.volumes.list()}


def volumes_behind(address: StoreAddress, docker_client: docker.DockerClient) -> set[str]:
    """The volumes of the container that answers there."""
    port = urlsplit(address.endpoint_url).port
    mounts = [
        mount
        for container in docker_client.containers.list(ignore_removed=True)
        if f"'HostPort': '{port}'" in str(container.ports)
        for mount in container.attrs["Mounts"]
    ]
    return {mount["Name"] for mount in mounts if mount["Type"] == "volume"}


@pytest.mark.parametrize("ending", ["exit", "kill"])
def test_an_ephemeral_store_does_not_outlive_its_process(
    settings: Settings, minio_image: Image, docker_client: docker.DockerClient, ending: str
) -> None:
    program = (
        "import sys, time; from pathlib import Path; from seatrial.settings import Settings;"
        "from seatrial.storage import open_store; from seatrial.storage.ownership import this_process;"
        "open_store(Settings(state_dir=Path(sys.argv[1])), image=lambda: sys.argv[2], ephemeral=True);"
        "print(this_process(), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(settings.state_dir), minio_image()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        owner = {"label": f"{OWNER_LABEL}={process.stdout.readline().strip()}"}
        assert len(docker_client.containers.list(filters=owner)) == 1
        if ending == "kill":
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    if ending == "kill":  # the next one to come clears up
        with ephemeral_store(settings, image=minio_image):
            pass
    assert docker_client.containers.list(all=True, filters=owner) == []


def test_an_image_that_is_no_store_is_said_and_leaves_nothing(
    project: Settings, images: Images, docker_client: docker.DockerClient
) -> None:
    with pytest.raises(StorageError) as failure:
        open_store(project, image=lambda: images.ensure("base"))
    assert failure.value.slug in ("store-unhealthy", "store-not-started")
    assert failure.value.hint
    assert containers_of(docker_client, project) == []


def test_without_docker_the_error_says_how_to_get_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    for call in (lambda: open_store(settings, image=no_image), lambda: find_store(settings)):
        with pytest.raises(StorageError) as gone:
            call()
        assert gone.value.slug == "docker-lost"
        assert "store.endpoint_url" in str(gone.value.hint)
        assert gone.value.exit_code == 3


def test_a_harness_in_a_container_joins_the_stores_network(
    project: Settings, minio_image: Image, docker_client: docker.DockerClient, images: Images
) -> None:
    address = open_store(project, image=minio_image)
    network = docker_client.networks.create(f"seatrial-harness-{project_id(project)}")
    harness = docker_client.containers.run(
        images.ensure("base"), entrypoint=["sleep", "60"], network=network.name, detach=True
    )
    try:
        program = (
            "import sys; from pathlib import Path;"
            "from seatrial.settings import Settings; from seatrial.storage import open_store;"
            "from seatrial.storage import containers;"
            "containers._own_ids = lambda: iter([sys.argv[2]]);"
            "print(open_store(Settings(state_dir=Path(sys.argv[1])), image=lambda: 'none').endpoint_url)"
        )
        command = [sys.executable, "-c", program, str(project.state_dir), harness.id]
        subprocess.run(command, check=True, capture_output=True)
        harness.reload()
        assert address.network in harness.attrs["NetworkSettings"]["Networks"]
        url = f"{address.container_endpoint_url}/minio/health/ready"
        asked = f"import urllib.request; print(urllib.request.urlopen({url!r}, timeout=10).status)"
        assert harness.exec_run(["python3", "-c", asked]).output.decode().strip() == "200"
    finally:
        harness.remove(force=True)
        network.remove()
