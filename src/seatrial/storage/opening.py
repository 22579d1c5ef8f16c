"""One store per project: finds the one that is there, or starts one; knows nothing of transfers.

Our store is a container on Docker's default bridge, and job containers join that network: a container
starts there in three quarters of the time that a network of its own would take, nothing has to be made
or cleaned up, and every container reaches the store by the address it has there. That address may
change when the container restarts, so it is read anew on every opening.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial.errors import StorageError
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.settings import Settings
from seatrial.storage.configured import configured_address
from seatrial.storage.containers import Engine, StoreContainer, docker_engine
from seatrial.storage.ownership import owner_is_gone, this_process
from seatrial.storage.starter import PORT, StoreSpec, start_in_child

STORE_LABEL = "seatrial.store"
STATE_DIR_LABEL = "seatrial.state-dir"
OWNER_LABEL = "seatrial.owner"
COMPOSE = "compose"
EPHEMERAL = "ephemeral"
_COMPOSE_FOLDER_LABEL = "com.docker.compose.project.working_dir"
# An image's labels come down to its containers, where this one would say "image".
_KIND = {"seatrial": "store"}
_HEALTHY_WITHIN_SECONDS = 60.0


def open_store(settings: Settings, *, image: Callable[[], str], ephemeral: bool = False) -> StoreAddress:
    """The project's store, started if need be: the settings' endpoint; a running container of ours or of
    the project's compose file; a stopped one of ours; a new one from `image()`.

    An ephemeral store is always new, and removed when this process ends.
    """
    if ephemeral:
        container_id, address = _start_ephemeral(settings, image)
        atexit.register(_remove, container_id)
        return address
    configured = configured_address(settings)
    if configured is not None:
        return configured
    with docker_engine() as engine, _only_one(settings.state_dir):
        container = _running(engine, settings) or _restarted(engine, settings)
        if container is None:
            container = _started(engine, _lasting(settings, image()))
        return _reachable(engine, container, settings)


@contextmanager
def ephemeral_store(settings: Settings, *, image: Callable[[], str]) -> Iterator[StoreAddress]:
    """A new store that is gone at the end of the `with`, or of the process."""
    container_id, address = _start_ephemeral(settings, image)
    remove = partial(_remove, container_id)
    atexit.register(remove)
    try:
        yield address
    finally:
        remove()
        atexit.unregister(remove)


def find_store(settings: Settings) -> StoreAddress | None:
    """The project's store if one is to be had without starting anything."""
    configured = configured_address(settings)
    if configured is not None:
        return configured
    with docker_engine() as engine:
        container = _running(engine, settings)
        return _reachable(engine, container, settings) if container is not None else None


def stop_store(settings: Settings, *, remove_data: bool = False) -> bool:
    """Stop the container that we started for this project; whether there was one.

    Its data stays for the next opening unless `remove_data` says otherwise. A store that others
    started (an endpoint, a compose file) is left alone.
    """
    with docker_engine() as engine, _only_one(settings.state_dir):
        own = engine.labelled({STORE_LABEL: project_id(settings)})
        for container in own:
            if remove_data:
                engine.remove(container.id)
            elif container.running:
                engine.stop(container.id)
        if remove_data:
            engine.remove_volume(_name(settings))
        return bool(own)


def project_id(settings: Settings) -> str:
    """What marks the store of this project: the place of its state, whatever its name or links."""
    return hashlib.sha256(str(settings.state_dir.resolve()).encode()).hexdigest()[:16]


def _name(settings: Settings) -> str:
    return f"seatrial-store-{project_id(settings)}"


@contextmanager
def _only_one(state_dir: Path) -> Iterator[None]:
    """Of several processes of a project, one at a time looks for its store."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / "store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _running(engine: Engine, settings: Settings) -> StoreContainer | None:
    own = [each for each in engine.labelled({STORE_LABEL: project_id(settings)}) if each.running]
    if own:
        return own[0]
    project = settings.state_dir.resolve()
    for container in engine.labelled({STORE_LABEL: COMPOSE}):
        folder = container.labels.get(_COMPOSE_FOLDER_LABEL)
        if container.running and folder and project.is_relative_to(Path(folder).resolve()):
            return container
    return None


def _restarted(engine: Engine, settings: Settings) -> StoreContainer | None:
    """The stopped container of this project, running again; one that cannot is removed, not its volume."""
    stopped = next(iter(engine.labelled({STORE_LABEL: project_id(settings)})), None)
    if stopped is None:
        return None
    try:
        engine.start(stopped.id)
        return _healthy(engine, stopped)
    except StorageError:
        engine.remove(stopped.id)
        return None


def _lasting(settings: Settings, image: str) -> StoreSpec:
    labels = {STORE_LABEL: project_id(settings), STATE_DIR_LABEL: str(settings.state_dir.resolve()), **_KIND}
    return StoreSpec(image, _name(settings), labels, _environment(), volume=_name(settings))


def _start_ephemeral(settings: Settings, image: Callable[[], str]) -> tuple[str, StoreAddress]:
    labels = {STORE_LABEL: EPHEMERAL, OWNER_LABEL: this_process(), **_KIND}
    name = f"seatrial-store-{EPHEMERAL}-{secrets.token_hex(4)}"
    with docker_engine() as engine:
        for left in engine.labelled({STORE_LABEL: EPHEMERAL}):
            if owner_is_gone(left.labels.get(OWNER_LABEL, "")):
                engine.remove(left.id)
        container = _started(engine, StoreSpec(image(), name, labels, _environment(), volume=None))
        return container.id, _reachable(engine, container, settings)


def _environment() -> dict[str, str]:
    return {
        "MINIO_ROOT_USER": secrets.token_hex(10),
        "MINIO_ROOT_PASSWORD": secrets.token_hex(20),
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }


def _started(engine: Engine, spec: StoreSpec) -> StoreContainer:
    container_id = start_in_child(spec)
    try:
        container = engine.inspect(container_id)
        if container is None:
            raise _unhealthy(spec.name, "it was removed as soon as it was started")
        return _healthy(engine, container)
    except BaseException:
        engine.remove(container_id)
        raise


def _remove(container_id: str) -> None:
    with docker_engine() as engine:
        engine.remove(container_id)


def _healthy(engine: Engine, container: StoreContainer) -> StoreContainer:
    """The container once it answers, with the addresses it has by then."""
    deadline = time.monotonic() + _HEALTHY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        now = engine.inspect(container.id)
        if now is None or now.status in ("exited", "dead"):
            reason = "it ended" if now is None else engine.last_lines(container.id)
            raise _unhealthy(container.name, reason)
        if any(_answers(url) for url in _endpoints(now)):
            return now
        time.sleep(0.1)
    raise _unhealthy(container.name, f"no answer within {_HEALTHY_WITHIN_SECONDS:.0f} seconds")


def _unhealthy(name: str, reason: str) -> StorageError:
    return StorageError(
        f"the object store {name} does not come up: {reason}",
        slug="store-unhealthy",
        where=name,
        hint=f"`docker logs {name}` says more; `seatrial clean` removes it, and the next run starts another",
    )


def _reachable(engine: Engine, container: StoreContainer, settings: Settings) -> StoreAddress:
    """The store's addresses; where we run in a container ourselves, we join its network to reach it."""
    if not container.addresses:
        raise _unhealthy(container.name, "it is on no network")
    networks = container.addresses
    network = "bridge" if "bridge" in networks else next(iter(networks))
    own = engine.own_container()
    if own is not None and network not in own.addresses:
        engine.join(network, own.id)
    inside = f"http://{networks[network]}:{PORT}"
    outside = next((url for url in _endpoints(container) if _answers(url)), None)
    if outside is None:
        container = _healthy(engine, container)
        outside = next(url for url in _endpoints(container) if _answers(url))
    environment = container.environment
    return StoreAddress(
        endpoint_url=outside,
        container_endpoint_url=inside,
        network=network,
        credentials=Credentials(
            environment.get("MINIO_ROOT_USER", "minioadmin"),  # MinIO's own defaults
            environment.get("MINIO_ROOT_PASSWORD", "minioadmin"),
        ),
        region=settings.region,
    )


def _endpoints(container: StoreContainer) -> list[str]:
    """Where it could answer us: as published on the host, or by the addresses it has in Docker."""
    published = [
        f"http://127.0.0.1:{port}" for inner, (_, port) in container.published.items() if inner == PORT
    ]
    return published + [f"http://{address}:{PORT}" for address in container.addresses.values()]


def _answers(url: str) -> bool:
    try:
        with PoolManager(timeout=Timeout(connect=1, read=2), retries=False) as http:
            return http.request("GET", f"{url}/minio/health/ready").status == 200
    except HTTPError:
        return False
