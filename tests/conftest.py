"""Real parts for tests: one engine, one ephemeral store and one set of images for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from seatrial.images import Images
from seatrial.ports.storage import StoreAddress
from seatrial.runners import DockerRunner, connect
from seatrial.runners.provision import ensure_engine
from seatrial.settings import Settings
from seatrial.storage import ContentCache, MinioStore, ephemeral_store


def say(line: str) -> None:
    """Show set-up progress while pytest captures output."""
    print(line, flush=True)


@pytest.fixture(scope="session")
def docker_client() -> Iterator[docker.DockerClient]:
    """A client of Docker Engine, started if this machine lets us; without one the tests fail."""
    ensure_engine(say)
    client = connect()
    yield client
    client.close()


@pytest.fixture(scope="session")
def session_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the session's shared parts; the user's cache holds what is slow to build."""
    return Settings(state_dir=tmp_path_factory.mktemp("state"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with state and cache of the test's own."""
    return Settings(state_dir=tmp_path / "state", cache_dir=tmp_path / "cache")


@pytest.fixture(scope="session")
def images(docker_client: docker.DockerClient, session_settings: Settings) -> Images:
    """The real image resolver; builds are cached by content across sessions."""
    return Images(docker_client, session_settings, say)


@pytest.fixture(scope="session")
def store_address(images: Images, session_settings: Settings) -> Iterator[StoreAddress]:
    """A MinIO of this session, gone at its end."""
    with ephemeral_store(session_settings, image=lambda: images.ensure("minio")) as address:
        yield address


@pytest.fixture(scope="session")
def store(store_address: StoreAddress, tmp_path_factory: pytest.TempPathFactory) -> MinioStore:
    """The real store, with a content cache of this session."""
    return MinioStore(store_address, ContentCache(tmp_path_factory.mktemp("content")))


@pytest.fixture(scope="session")
def runner(docker_client: docker.DockerClient, images: Images) -> DockerRunner:
    """The real runner."""
    return DockerRunner(docker_client, helper_image=lambda: images.ensure("base"))
