"""Whether a store's container answers, and at which addresses; starts and finds none."""

from __future__ import annotations

import time

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial.errors import StorageError
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.storage.containers import Engine, StoreContainer
from seatrial.storage.starter import PORT

_HEALTHY_WITHIN_SECONDS = 60.0


def healthy(engine: Engine, container: StoreContainer) -> StoreContainer:
    """The container once it answers, with the addresses it has by then.

    Where we run in a container ourselves, we join its network: there is no other way to it.
    """
    deadline = time.monotonic() + _HEALTHY_WITHIN_SECONDS
    joined = False
    while time.monotonic() < deadline:
        now = engine.inspect(container.id)
        if now is None or now.status in ("exited", "dead"):
            reason = "it ended" if now is None else engine.last_lines(container.id)
            raise unhealthy(container.name, reason)
        if now.addresses and not joined:
            _join(engine, now)
            joined = True
        if any(_answers(url) for url in _endpoints(now)):
            return now
        time.sleep(0.1)
    raise unhealthy(container.name, f"no answer within {_HEALTHY_WITHIN_SECONDS:.0f} seconds")


def address_of(engine: Engine, container: StoreContainer, region: str) -> StoreAddress:
    """The addresses of a store that runs, once it answers."""
    now = healthy(engine, container)
    network = _network_of(now)
    environment = now.environment
    return StoreAddress(
        endpoint_url=next((url for url in _endpoints(now) if _answers(url)), _endpoints(now)[0]),
        container_endpoint_url=f"http://{now.addresses[network]}:{PORT}",
        network=network,
        credentials=Credentials(
            environment.get("MINIO_ROOT_USER", "minioadmin"),  # MinIO's own defaults
            environment.get("MINIO_ROOT_PASSWORD", "minioadmin"),
        ),
        region=region,
    )


def unhealthy(name: str, reason: str) -> StorageError:
    """The error of a store that does not come up."""
    return StorageError(
        f"the object store {name} does not come up: {reason}",
        slug="store-unhealthy",
        where=name,
        hint=f"`docker logs {name}` says more; `seatrial clean` removes it, and the next run starts another",
    )


def _join(engine: Engine, container: StoreContainer) -> None:
    own = engine.own_container()
    if own is not None and not own.addresses.keys() & container.addresses.keys():
        engine.join(_network_of(container), own.id)


def _network_of(container: StoreContainer) -> str:
    """The network on which job containers reach the store."""
    if not container.addresses:
        raise unhealthy(container.name, "it has no address of its own on any network")
    return "bridge" if "bridge" in container.addresses else next(iter(container.addresses))


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
