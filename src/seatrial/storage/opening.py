"""One store per project: finds the one that is there, or starts one; knows nothing of transfers.

Our store is a container on Docker's default bridge, and job containers join that network: a container
starts there in three quarters of the time that a network of its own would take, nothing has to be made
or cleaned up, and every container reaches the store by the address it has there. That address may
change when the container restarts, so it is read anew on every opening.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from seatrial.errors import StorageError
from seatrial.ports.storage import StoreAddress
from seatrial.settings import Settings
from seatrial.storage.configured import configured_address
from seatrial.storage.containers import Engine, StoreContainer, docker_engine
from seatrial.storage.ephemeral import open_until_exit
from seatrial.storage.launching import KIND, STORE_LABEL, fresh_environment, started
from seatrial.storage.reaching import address_of, healthy
from seatrial.storage.starter import StoreSpec

STATE_DIR_LABEL = "seatrial.state-dir"
COMPOSE = "compose"
_COMPOSE_FOLDER_LABEL = "com.docker.compose.project.working_dir"


def open_store(settings: Settings, *, image: Callable[[], str], ephemeral: bool = False) -> StoreAddress:
    """The project's store, started if need be: the settings' endpoint; a running container of ours or of
    the project's compose file; a stopped one of ours; a new one from `image()`.

    An ephemeral store is always new, and removed when this process ends.
    """
    if ephemeral:
        return open_until_exit(settings, image)
    configured = configured_address(settings)
    if configured is not None:
        return configured
    with docker_engine() as engine, _only_one(settings.state_dir):
        container = _running(engine, settings) or _restarted(engine, settings)
        if container is None:
            container = started(engine, _lasting(settings, image()))
        return address_of(engine, container, settings.region)


def find_store(settings: Settings) -> StoreAddress | None:
    """The project's store if one is to be had without starting anything."""
    configured = configured_address(settings)
    if configured is not None:
        return configured
    with docker_engine() as engine:
        container = _running(engine, settings)
        return address_of(engine, container, settings.region) if container is not None else None


def stop_store(settings: Settings, *, remove_data: bool = False) -> bool:
    """Stop the container that we started for this project; whether there was one.

    Its data stays for the next opening unless `remove_data` says otherwise. A store that others
    started (an endpoint, a compose file) is left alone.
    """
    lock = _only_one(settings.state_dir) if settings.state_dir.exists() else nullcontext()
    with docker_engine() as engine, lock:
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
        return healthy(engine, stopped)
    except StorageError:
        engine.remove(stopped.id)
        return None


def _lasting(settings: Settings, image: str) -> StoreSpec:
    labels = {STORE_LABEL: project_id(settings), STATE_DIR_LABEL: str(settings.state_dir.resolve()), **KIND}
    return StoreSpec(image, _name(settings), labels, fresh_environment(), volume=_name(settings))
