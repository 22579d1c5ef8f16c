"""What Docker Engine knows of containers that are, or hold, a store; the only module here that calls it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container
from requests.exceptions import RequestException

from seatrial.errors import StorageError
from seatrial.storage.failures import root_cause

_CONTAINER_ID = re.compile(r"/containers/([0-9a-f]{64})/")
_SHORT_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class StoreContainer:
    """One container as inspecting shows it; `published`: its port to (host address, host port)."""

    id: str
    name: str
    status: str
    environment: Mapping[str, str]
    labels: Mapping[str, str]
    addresses: Mapping[str, str]
    published: Mapping[int, tuple[str, int]]

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self.status == "running"


class Engine:
    """The few calls that storage makes."""

    def __init__(self, client: docker.DockerClient) -> None:
        self._client = client

    def labelled(self, labels: Mapping[str, str]) -> list[StoreContainer]:
        """Every container, running or not, with all these labels (an empty value stands for any), by name."""
        wanted = [f"{name}={value}" if value else name for name, value in labels.items()]
        with _asked():
            found = self._client.containers.list(all=True, filters={"label": wanted}, ignore_removed=True)
        return sorted((_described(container) for container in found), key=lambda each: each.name)

    def inspect(self, container_id: str) -> StoreContainer | None:
        """The container as it is now, None if it is gone."""
        try:
            with _asked():
                return _described(self._client.containers.get(container_id))
        except NotFound:
            return None

    def start(self, container_id: str) -> None:
        """Start a stopped container."""
        with _asked():
            self._client.containers.get(container_id).start()

    def stop(self, container_id: str) -> None:
        """Let the container end; its data stays."""
        with _asked():
            self._client.containers.get(container_id).stop(timeout=10)

    def remove(self, container_id: str) -> None:
        """Remove the container and its unnamed volumes, running or not; no error if it is gone."""
        with suppress(NotFound), _asked():
            try:
                self._client.containers.get(container_id).remove(force=True, v=True)
            except APIError as refusal:
                if refusal.status_code != 409:  # someone else is removing it
                    raise

    def remove_volume(self, name: str) -> None:
        """Remove a named volume; no error if it is gone."""
        with suppress(NotFound), _asked():
            self._client.volumes.get(name).remove()

    def last_lines(self, container_id: str) -> str:
        """The end of its log."""
        with _asked():
            return self._client.containers.get(container_id).logs(tail=5).decode(errors="replace").strip()

    def join(self, network: str, container_id: str) -> None:
        """Attach a container to a network."""
        with _asked():
            self._client.networks.get(network).connect(container_id)

    def own_container(self) -> StoreContainer | None:
        """The container that this process runs in, if this very engine runs it."""
        for candidate in _own_ids():
            found = self.inspect(candidate)
            if found is not None and found.id.startswith(candidate):
                return found
        return None

    def publisher(self, host_port: int) -> tuple[StoreContainer, int] | None:
        """The running container that publishes this port of the host, and which of its own that is."""
        with _asked():
            running = self._client.containers.list(ignore_removed=True)
        for container in map(_described, running):
            for port, (_, published) in container.published.items():
                if published == host_port:
                    return container, port
        return None


@contextmanager
def docker_engine() -> Iterator[Engine]:
    """A connection to Docker Engine as the environment names it."""
    try:
        client = docker.from_env()
    except DockerException as failure:
        raise _gone(failure) from failure
    try:
        yield Engine(client)
    finally:
        client.close()


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise
    except (DockerException, RequestException) as failure:
        raise _gone(failure) from failure


def _gone(failure: Exception) -> StorageError:
    return StorageError(
        f"Docker Engine, which the object store runs in, refused or did not answer: {root_cause(failure)}",
        slug="docker-lost",
        hint="start it (`sudo systemctl start docker`) and see `seatrial doctor`; "
        "or use another S3 endpoint: set `store.endpoint_url`",
    )


def _described(container: Container) -> StoreContainer:
    config, settings = container.attrs["Config"], container.attrs["NetworkSettings"]
    ports = {
        int(port.partition("/")[0]): (bindings[0]["HostIp"], int(bindings[0]["HostPort"]))
        for port, bindings in (settings.get("Ports") or {}).items()
        if bindings
    }
    return StoreContainer(
        id=container.attrs["Id"],
        name=container.attrs["Name"].lstrip("/"),
        status=container.attrs["State"]["Status"],
        environment=dict(line.split("=", 1) for line in config.get("Env") or () if "=" in line),
        labels=config.get("Labels") or {},
        addresses={
            name: network["IPAddress"]
            for name, network in sorted((settings.get("Networks") or {}).items())
            if network.get("IPAddress")
        },
        published=ports,
    )


def _own_ids() -> Iterator[str]:
    """What could be the id of the container around us: Docker mounts files named by it into each."""
    with suppress(OSError):
        yield from dict.fromkeys(_CONTAINER_ID.findall(Path("/proc/self/mountinfo").read_text()))
    hostname = socket.gethostname()
    if _SHORT_ID.fullmatch(hostname):
        yield hostname
