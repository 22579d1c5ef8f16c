"""A network for one isolated container: it reaches nobody there, and we reach it.

Without any network nothing could ask the container anything. An internal one has no way out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from docker.api import APIClient
from docker.errors import NotFound

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
        made = api.create_network(
            name, driver="bridge", internal=True, labels={LABEL: "job", RUNNER_LABEL: "job", **spec.labels}
        )
        ours = own_container(api)
        if ours is not None:
            api.connect_container_to_network(ours, made["Id"])
    except ENGINE_TROUBLE as trouble:
        raise refused(trouble, spec) from trouble
    try:
        yield name
    finally:
        _remove(api, made["Id"])


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
            api.disconnect_container_from_network(container, network, force=True)
        api.remove_network(network)
    except NotFound:
        return
    except ENGINE_TROUBLE as trouble:
        _log.warning("network %s is left behind: %s", network, docker_text(trouble))
