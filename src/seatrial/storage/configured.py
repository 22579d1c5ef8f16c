"""The address of a store that the settings name; starts nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from seatrial.errors import RefusedError, StorageError
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.settings import Settings
from seatrial.storage.client import split_endpoint
from seatrial.storage.containers import docker_engine

HOST_NAME = "host.docker.internal"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 -- recognised, not bound


def configured_address(settings: Settings) -> StoreAddress | None:
    """Where the settings' endpoint is, for us and for containers; None if they name none.

    An endpoint elsewhere is the same for both. One on this machine's localhost is not: if a container
    here publishes that port, containers go to it directly, on its network; otherwise they go to the
    Docker host by name, where the endpoint must then listen on more than 127.0.0.1.
    """
    store = settings.store
    if store.endpoint_url is None:
        return None
    endpoint = store.endpoint_url.rstrip("/")
    split_endpoint(endpoint)
    container_url, network, hosts = _for_containers(endpoint)
    return StoreAddress(
        endpoint_url=endpoint,
        container_endpoint_url=(store.container_endpoint_url or container_url).rstrip("/"),
        network=store.network or network,
        credentials=_credentials(settings),
        region=settings.region,
        hosts={} if store.container_endpoint_url else hosts,
    )


def _for_containers(endpoint: str) -> tuple[str, str, dict[str, str]]:
    """(URL, network, extra hosts) for a container that has to reach `endpoint`."""
    parts = urlsplit(endpoint)
    if parts.hostname not in _LOCAL:
        return endpoint, _own_network(), {}
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with docker_engine() as engine:
            published = engine.publisher(port)
    except StorageError:  # no Docker, no job containers: whoever needs them will say so
        published = None
    if published is not None and published[0].addresses:
        container, inner_port = published
        network, address = next(iter(container.addresses.items()))
        return f"{parts.scheme}://{address}:{inner_port}", network, {}
    return f"{parts.scheme}://{HOST_NAME}:{port}", "bridge", {HOST_NAME: "host-gateway"}


def _own_network() -> str:
    """A name that we can resolve in a container may only be known on our own network."""
    try:
        with docker_engine() as engine:
            own = engine.own_container()
    except StorageError:
        own = None
    return next(iter(own.addresses), "bridge") if own is not None else "bridge"


def _credentials(settings: Settings) -> Credentials:
    access_key, secret_key = settings.store.access_key, settings.store.secret_key
    if not access_key or secret_key is None:
        raise RefusedError(
            f"no credentials for {settings.store.endpoint_url}",
            slug="store-without-credentials",
            where="store.access_key, store.secret_key",
            hint="set SEATRIAL_STORE__ACCESS_KEY and SEATRIAL_STORE__SECRET_KEY in the environment",
        )
    return Credentials(access_key, secret_key.get_secret_value())
