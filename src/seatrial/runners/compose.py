"""What containers that Docker Compose starts for somebody else need around them; knows no jobs, no stores.

Compose puts them on a network of their own name, where they see none of Docker's other networks: whoever
they have to reach joins it for as long as anybody needs that, across the processes of this user.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import docker
from docker.api import APIClient
from docker.errors import APIError, NotFound

from seatrial.errors import ContainerError
from seatrial.runners.labels import LABEL, RUNNER_LABEL
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text
from seatrial.runners.sight import find_way
from seatrial.runners.ways import Way

_log = logging.getLogger(__name__)
_CHANGES = "network.lock"
_NOBODY = "nobody"
_PROJECT_LABEL = "com.docker.compose.project"
_FORBIDDEN = 403
_CONFLICT = 409


class ComposeNetwork:
    """One network by name; it is there, with whoever joined, until the last `reaching` has ended."""

    def __init__(self, connect: Callable[[], docker.DockerClient], name: str, locks: Path) -> None:
        self._connect = connect
        self._name = name
        self._locks = locks
        self._seen: dict[int, bool] = {}

    @contextmanager
    def reaching(self, network: str, host: str) -> Iterator[str | None]:
        """The address here of the container that is `host` on `network`; None if no container is."""
        api = self._connect().api
        with _translated():
            container = _find(api, network, host)
        with self._in_use(api, container):
            with _translated():
                address = _address(api, container, self._name) if container else None
            yield address

    def sees(self, folder: Path, image: str) -> bool:
        """Whether the engine mounts this folder of ours; tried once for each disk, with any image."""
        disk = folder.stat().st_dev
        if disk not in self._seen:
            with _translated():
                self._seen[disk] = find_way(self._connect().api, image, folder) is not Way.ARCHIVE
        return self._seen[disk]

    def exit_codes(self, labels: Mapping[str, str]) -> list[int]:
        """Of the containers with these labels that have ended, each one's exit code."""
        wanted = [RUNNER_LABEL, *(f"{name}={value}" for name, value in labels.items())]
        api = self._connect().api
        with _translated():
            found = api.containers(all=True, filters={"label": wanted, "status": "exited"})
            return [int(api.inspect_container(each["Id"])["State"]["ExitCode"]) for each in found]

    def forget(self) -> bool:
        """Take back what processes that were killed had joined; whether there was any."""
        left = [path for path in self._locks.glob("*.lock") if path.name != _CHANGES]
        return sum(self._forget(path) for path in left) > 0  # all of them, not the first alone

    def _forget(self, path: Path) -> bool:
        with self._changing(), path.open("a") as use:
            if not _is_last(use):
                return False
            self._leave(self._connect().api, None if path.stem == _NOBODY else path.stem)
            path.unlink()
        return True

    @contextmanager
    def _in_use(self, api: APIClient, container: str | None) -> Iterator[None]:
        """A shared lock counts the users of a joining; the kernel gives it back if we die."""
        self._locks.mkdir(parents=True, exist_ok=True)
        path = self._locks / f"{(container or _NOBODY)[:12]}.lock"
        with ExitStack() as held:
            with self._changing(), _translated():
                # Opened here, because the last user removes the file.
                use = held.enter_context(path.open("a"))
                fcntl.flock(use, fcntl.LOCK_SH)
            try:
                with self._changing(), _translated():
                    self._ensure(api)
                    if container:
                        self._join(api, container)
                yield
            finally:
                with self._changing():
                    fcntl.flock(use, fcntl.LOCK_UN)
                    if _is_last(use):
                        self._leave(api, container)
                        path.unlink(missing_ok=True)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One at a time makes, joins, leaves and removes: Docker would make two networks of one name."""
        with (self._locks / _CHANGES).open("a") as change:
            fcntl.flock(change, fcntl.LOCK_EX)
            yield

    def _ensure(self, api: APIClient) -> None:
        if any(each["Name"] == self._name for each in api.networks(names=[self._name])):
            return
        # Compose refuses a network of this name without its own label for it, and warns of labels of others.
        labels = {"com.docker.compose.network": self._name, _PROJECT_LABEL: LABEL}
        api.create_network(self._name, driver="bridge", check_duplicate=True, labels=labels)

    def _join(self, api: APIClient, container: str) -> None:
        try:
            api.connect_container_to_network(container, self._name)
        except APIError as refusal:
            if refusal.status_code not in (_FORBIDDEN, _CONFLICT):  # it is there already
                raise

    def _leave(self, api: APIClient, container: str | None) -> None:
        try:
            if container:
                self._disconnect(api, container)
            if (api.inspect_network(self._name).get("Labels") or {}).get(_PROJECT_LABEL) == LABEL:
                api.remove_network(self._name)
        except NotFound:
            return
        except ENGINE_TROUBLE as trouble:
            # Containers of somebody else are on it: theirs to remove then.
            if not (isinstance(trouble, APIError) and trouble.status_code == _FORBIDDEN):
                _log.warning("network %s is left behind: %s", self._name, docker_text(trouble))

    def _disconnect(self, api: APIClient, container: str) -> None:
        try:
            api.disconnect_container_from_network(container, self._name, force=True)
        except NotFound:
            return
        except APIError:
            # One that never joined is refused as an error of the engine's own (500).
            members = api.inspect_network(self._name).get("Containers") or {}
            if any(member.startswith(container) for member in members):
                raise


def _is_last(use: IO[str]) -> bool:
    """Whether nobody else holds the lock."""
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _address(api: APIClient, container: str, network: str) -> str:
    return str(api.inspect_container(container)["NetworkSettings"]["Networks"][network]["IPAddress"])


def _find(api: APIClient, network: str, host: str) -> str | None:
    """The id of the container that answers to this address or name on the network."""
    try:
        members: Mapping[str, Mapping[str, Any]] = api.inspect_network(network).get("Containers") or {}
    except NotFound:
        return None
    for container, member in members.items():
        if host in (member.get("IPv4Address", "").partition("/")[0], member.get("Name")):
            return container
        endpoint = api.inspect_container(container)["NetworkSettings"]["Networks"].get(network) or {}
        if host in (endpoint.get("Aliases") or ()):
            return container
    return None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ENGINE_TROUBLE as trouble:
        raise ContainerError(
            f"Docker refused what Compose's containers need: {docker_text(trouble)}",
            slug="docker-lost",
            hint="seatrial doctor",
        ) from trouble
