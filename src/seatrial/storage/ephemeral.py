"""A store that dies with whoever asked for it; knows no project."""

from __future__ import annotations

import atexit
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from seatrial.ports.storage import StoreAddress
from seatrial.settings import Settings
from seatrial.storage.containers import docker_engine
from seatrial.storage.launching import KIND, STORE_LABEL, fresh_environment, started
from seatrial.storage.ownership import owner_is_gone, this_process
from seatrial.storage.reaching import address_of
from seatrial.storage.starter import StoreSpec

OWNER_LABEL = "seatrial.owner"
EPHEMERAL = "ephemeral"


@contextmanager
def ephemeral_store(settings: Settings, *, image: Callable[[], str]) -> Iterator[StoreAddress]:
    """A new store that is gone at the end of the `with`, or of the process."""
    container_id, address = _start(settings, image)
    remove = partial(_remove, container_id)
    atexit.register(remove)
    try:
        yield address
    finally:
        remove()
        atexit.unregister(remove)


def open_until_exit(settings: Settings, image: Callable[[], str]) -> StoreAddress:
    """A new store that is gone at the end of the process."""
    container_id, address = _start(settings, image)
    atexit.register(_remove, container_id)
    return address


def _start(settings: Settings, image: Callable[[], str]) -> tuple[str, StoreAddress]:
    labels = {STORE_LABEL: EPHEMERAL, OWNER_LABEL: this_process(), **KIND}
    name = f"seatrial-store-{EPHEMERAL}-{secrets.token_hex(4)}"
    with docker_engine() as engine:
        for left in engine.labelled({STORE_LABEL: EPHEMERAL}):
            if owner_is_gone(left.labels.get(OWNER_LABEL, "")):
                engine.remove(left.id)
        container = started(engine, StoreSpec(image(), name, labels, fresh_environment(), volume=None))
        return container.id, address_of(engine, container, settings.region)


def _remove(container_id: str) -> None:
    with docker_engine() as engine:
        engine.remove(container_id)
