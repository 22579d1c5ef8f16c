"""A new store's container: its keys, its labels, started and healthy; knows no project."""

from __future__ import annotations

import secrets

from seatrial.storage.containers import Engine, StoreContainer
from seatrial.storage.reaching import healthy, unhealthy
from seatrial.storage.starter import StoreSpec, start_in_child

STORE_LABEL = "seatrial.store"
# An image's labels come down to its containers, where this one would say "image".
KIND = {"seatrial": "store"}


def started(engine: Engine, spec: StoreSpec) -> StoreContainer:
    container_id = start_in_child(spec)
    try:
        container = engine.inspect(container_id)
        if container is None:
            raise unhealthy(spec.name, "it was removed as soon as it was started")
        return healthy(engine, container)
    except BaseException:
        engine.remove(container_id)
        raise


def fresh_environment() -> dict[str, str]:
    return {
        "MINIO_ROOT_USER": secrets.token_hex(10),
        "MINIO_ROOT_PASSWORD": secrets.token_hex(20),
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
