"""Networks of a job's own, with no way out: for one isolated container that we ask, or for several peers.

Without any network nothing could ask the container anything. On one of their own, peers find each other under
names that other jobs use as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from docker.api import APIClient
from docker.errors import NotFound

from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.runners import JobSpec
from seatrial.runners.around import own_container
from seatrial.runners.labels import LABEL, RUNNER_LABEL
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text, refused

_log = logging.getLogger(__name__)


@contextmanager
def private_network(api: APIClient, spec: JobSpec) -> Iterator[str]:
    """The name of a network that only the container of this spec, and we, are on."""
    name = f"seatrial-{spec.name}"
    try:
        made = _make(api, name, spec.labels)
        ours = own_container(api)
        if ours is not None:
            api.connect_container_to_network(ours, made["Id"])
    except ENGINE_TROUBLE as trouble:
        raise refused(trouble, spec) from trouble
    try:
        yield name
    finally:
        _remove(api, made["Id"])


@contextmanager
def network_of_peers(api: APIClient, name: str, labels: Mapping[str, str]) -> Iterator[str]:
    """The id of a network for the containers of one job; a name may be in use twice."""
    try:
        made = _make(api, f"seatrial-{name}", labels)
    except ENGINE_TROUBLE as trouble:
        raise EnvironmentUnfitError(
            f"no network could be made for the containers of {name}: {docker_text(trouble)}",
            slug="no-network",
            where=name,
            hint="seatrial clean removes networks that a killed process left; "
            "`docker network ls` shows the others",
        ) from trouble
    try:
        yield made["Id"]
    finally:
        _remove(api, made["Id"])


def _make(api: APIClient, name: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    made: Mapping[str, str] = api.create_network(
        name, driver="bridge", internal=True, labels={LABEL: "job", RUNNER_LABEL: "job", **labels}
    )
    return made


def remove_private_networks(api: APIClient, labels: Sequence[str]) -> None:
    """Remove what a killed process left; its containers are gone by now."""
    try:
        left = api.networks(filters={"label": list(labels)})
    except ENGINE_TROUBLE as trouble:
        _log.warning("the networks of isolated containers could not be listed: %s", docker_text(trouble))
        return
    for network in left:
        _remove(api, network["Id"])


def _remove(api: APIClient, network: str) -> None:
    try:
        # The container is removed in its own time, and we may be on the network ourselves.
        for container in api.inspect_network(network)["Containers"]:
            with suppress(NotFound):  # it is gone by now
                api.disconnect_container_from_network(container, network, force=True)
        api.remove_network(network)
    except NotFound:
        return
    except ENGINE_TROUBLE as trouble:
        _log.warning("network %s is left behind: %s", network, docker_text(trouble))
