"""Starts one store container through testcontainers; run as a process of its own.

testcontainers marks what it starts as belonging to its process, and what cleans up for it would take
the store away. So the store is started by a process that ends at once, with that cleaning off.
Reads a `StoreSpec` as JSON on standard input, answers the container's id on standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from seatrial.errors import StorageError

PORT = 9000
DATA_FOLDER = "/data"


@dataclass(frozen=True)
class StoreSpec:
    """A store to start; without `volume` its data goes with the container."""

    image: str
    name: str
    labels: Mapping[str, str]
    environment: Mapping[str, str]
    volume: str | None


def start_in_child(spec: StoreSpec) -> str:
    """Start the container from a short-lived process; its id."""
    done = subprocess.run(
        [sys.executable, "-c", "from seatrial.storage.starter import main; main()"],
        input=json.dumps(asdict(spec)),
        env=os.environ | {"TESTCONTAINERS_RYUK_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StorageError(
            f"the object store {spec.name} could not be started: {reason}",
            slug="store-not-started",
            hint="`seatrial doctor` checks Docker and the image; `store.endpoint_url` names another store",
        )
    return done.stdout.strip().splitlines()[-1]


def start(spec: StoreSpec) -> str:
    """Start the container here and now; its id."""
    # Heavy, and only needed in this process.
    from docker.types import Mount
    from testcontainers.core.config import testcontainers_config
    from testcontainers.core.container import DockerContainer

    # A prefix for public images would be put before our local one.
    testcontainers_config.hub_image_name_prefix = ""
    # Not its MinioContainer: that sets variables MinIO has dropped and waits at an address of its own guess.
    container = DockerContainer(spec.image, command=f"server {DATA_FOLDER} --address :{PORT}")
    container.with_name(spec.name).with_envs(**spec.environment)
    # `with_bind_ports` takes no address, and a port open to the network is not ours to open.
    ports: dict[str, Any] = container.ports
    ports[str(PORT)] = ("127.0.0.1", None)
    container.with_kwargs(
        labels=dict(spec.labels),
        mounts=[Mount(DATA_FOLDER, spec.volume, type="volume")],
        network="bridge",
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
    )
    try:
        return str(container.start().get_container_id())
    except BaseException:
        container.stop()  # created, but it could not run: leave nothing
        raise


def main() -> None:
    """What the child does."""
    print(start(StoreSpec(**json.load(sys.stdin))))
