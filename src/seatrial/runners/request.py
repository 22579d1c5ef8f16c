"""From a `JobSpec` to what Docker is asked; decides limits and isolation, runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docker.api import APIClient
from docker.types import LogConfig

from seatrial.ports.runners import JobSpec
from seatrial.runners.labels import LABEL, RUNNER_LABEL
from seatrial.runners.privileges import SECURITY_OPTIONS
from seatrial.runners.removal import remove
from seatrial.runners.ways import Way, docker_mount

_NANO = 1_000_000_000


def create(
    api: APIClient, spec: JobSpec, *, way: Way, host_cpus: float, capabilities: Mapping[str, str]
) -> str:
    """Create the container that the spec describes; its id."""
    entrypoint, command = _argument_lists(api, spec)
    made: Mapping[str, Any] = api.create_container(
        spec.image,
        name=spec.name,
        entrypoint=entrypoint,
        command=command,
        environment=dict(spec.environment),
        hostname=spec.hostname,
        ports=None if spec.published is None else [spec.published],
        labels=_labels(spec),
        host_config=_host_config(api, spec, way, host_cpus, capabilities),
        networking_config=_networking(api, spec),
        # The user's ~/.docker/config.json may name proxies; nothing of this machine enters a job.
        use_config_proxy=False,
    )
    _join(api, str(made["Id"]), spec)
    return str(made["Id"])


def _networking(api: APIClient, spec: JobSpec) -> dict[str, Any] | None:
    """The name under which peers find the container; only on a network of the job's own are names known."""
    if spec.peers is None:
        return None
    endpoint = api.create_endpoint_config(aliases=[spec.peers.alias])
    config: dict[str, Any] = api.create_networking_config({spec.peers.network: endpoint})  # type: ignore[arg-type]  # the stubs want a single one
    return config


def _join(api: APIClient, container: str, spec: JobSpec) -> None:
    """Beside the network of its peers, the way to everything else: a container is made on one network."""
    if spec.peers is None or spec.network is None:
        return
    try:
        api.connect_container_to_network(container, spec.network)
    except BaseException:
        remove(api, container)
        raise


def _labels(spec: JobSpec) -> dict[str, str]:
    return {LABEL: "job", RUNNER_LABEL: "job", **spec.labels}


def _argument_lists(api: APIClient, spec: JobSpec) -> tuple[list[str] | None, list[str] | None]:
    """Entrypoint and command for Docker, which takes an empty command for a missing one."""
    entrypoint = None if spec.entrypoint is None else list(spec.entrypoint)
    command = None if spec.command is None else list(spec.command)
    if entrypoint is None and command == []:
        image: Mapping[str, Any] = api.inspect_image(spec.image)  # type: ignore[no-untyped-call]  # the stubs lack it
        return image["Config"].get("Entrypoint"), None
    return entrypoint, command


def _host_config(
    api: APIClient, spec: JobSpec, way: Way, host_cpus: float, capabilities: Mapping[str, str]
) -> dict[str, Any]:
    cpus = min(spec.cpus, host_cpus) if spec.cpus is not None else None
    config: dict[str, Any] = api.create_host_config(
        mounts=[docker_mount(mount, way, _labels(spec)) for mount in spec.mounts],
        mem_limit=spec.memory_bytes,
        # Equal to the memory: no swap, as on an ML instance.
        memswap_limit=spec.memory_bytes,
        shm_size=spec.shm_bytes,
        nano_cpus=int(cpus * _NANO) if cpus is not None else None,
        network_mode=spec.peers.network if spec.peers else spec.network or "none",
        # On the loopback alone, under a port that is free.
        port_bindings=None if spec.published is None else {spec.published: ("127.0.0.1", None)},
        extra_hosts=_hosts(spec),
        cap_drop=["ALL"],
        cap_add=list(capabilities),
        security_opt=list(SECURITY_OPTIONS),
        init=spec.init,
        # Keeps raw bytes and bounds its own size, whatever the daemon's default is.
        log_config=LogConfig(type="local"),
    )
    return config


def _hosts(spec: JobSpec) -> dict[str, str]:
    """Extra host names; Docker makes the container's own name resolve only where there is a network."""
    if spec.network is None and spec.hostname:
        return {spec.hostname: "127.0.0.1", **spec.hosts}
    return dict(spec.hosts)
