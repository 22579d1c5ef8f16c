"""What every comparison works with: store, image, both sides, a folder; gone without trace at the end."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.api import APIClient
from docker.errors import APIError

from benchmarks.bare import Pattern, look_at
from benchmarks.objects import Data, Objects
from benchmarks.protocol import Hello
from benchmarks.sdk_environment import compose, sdk_python
from benchmarks.side import Side, started
from benchmarks.work import READS, Work, WorkStep
from seatrial.images import Images
from seatrial.ports.storage import StoreAddress
from seatrial.runners import connect
from seatrial.settings import Settings
from seatrial.storage import ephemeral_store

ROOT = Path(__file__).parents[1]
LOCAL_MODE_NETWORK = "sagemaker-local"
_COMPOSE_FOLDER_LABEL = "com.docker.compose.project.working_dir"


LARGE = Data(1, 200_000_000)
SMALL = Data(2000, 10_000)


@dataclass(frozen=True)
class Scale:
    """How much of everything; `fewest` is the number of repetitions of what takes long.

    `unwatched_seconds` is how long it takes until nobody follows the store's trace any more.
    """

    repetitions: int
    fewest: int
    chain: int = 5
    sleepers: int = 8
    sleep_seconds: float = 3.0
    unwatched_seconds: float = 6.0
    large: Data = LARGE
    small: Data = SMALL
    steps: tuple[int, ...] = (500, 1000, 2000)


@dataclass(frozen=True)
class Bench:
    """`local_mode` is None where the SDK is left out; `pattern` is what our job containers are like."""

    scale: Scale
    folder: Path
    api: APIClient
    address: StoreAddress
    objects: Objects
    image: str
    seatrial: Side
    local_mode: Side | None
    pattern: Pattern
    say: Callable[[str], None]

    def clear(self) -> None:
        """Between repetitions: remove objects, and what local mode leaves behind."""
        self.objects.clear()
        clear_local_mode(self.api, self.folder)

    def fresh(self, name: str) -> Path:
        """A folder that is not there yet."""
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder)) / "data"


@contextmanager
def bench_room(
    scale: Scale, *, local_mode: bool, say: Callable[[str], None], parent: Path = ROOT / "build" / "bench"
) -> Iterator[Bench]:
    """Everything started and warm."""
    parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="run-", dir=parent)))
        client = connect()
        stack.callback(client.close)
        images = Images(client, Settings(state_dir=folder / "state"), say)
        image = images.ensure("base")
        address = stack.enter_context(
            ephemeral_store(Settings(state_dir=folder / "state"), image=lambda: images.ensure("minio"))
        )
        objects = Objects(address)
        say("starting seatrial's side")
        ours = stack.enter_context(_seatrial(folder, address))
        theirs = stack.enter_context(_local_mode(client, folder, address, say)) if local_mode else None
        pattern = _warmed_up(client.api, image, objects, folder, ours, theirs)
        yield Bench(scale, folder, client.api, address, objects, image, ours, theirs, pattern, say)


@contextmanager
def _seatrial(folder: Path, address: StoreAddress) -> Iterator[Side]:
    command = [sys.executable, "-m", "benchmarks.seatrial_side"]
    with started(command, _hello(folder / "seatrial", address), {}, where=ROOT) as side:
        yield side


@contextmanager
def _local_mode(
    client: docker.DockerClient, folder: Path, address: StoreAddress, say: Callable[[str], None]
) -> Iterator[Side]:
    """The SDK's side; its network goes at the end unless it was there before."""
    say(f"starting local mode's side ({compose()})")
    python = sdk_python(say)
    quiet = folder / "sagemaker.yaml"
    quiet.write_text(
        "SchemaVersion: '1.0'\nSageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}\n", encoding="utf-8"
    )
    (folder / "local-mode-temporary").mkdir()
    environment = {
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(quiet),
        "TMPDIR": str(folder / "local-mode-temporary"),
        "HOME": str(folder),  # no configuration of the caller's
    }
    was_there = bool(client.networks.list(names=[LOCAL_MODE_NETWORK]))
    # Isolated: nothing of this repository can be imported there.
    command = [str(python), "-I", str(Path(__file__).with_name("local_mode_side.py"))]
    try:
        with started(command, _hello(folder / "local-mode", address), environment, where=folder) as side:
            yield side
    finally:
        clear_local_mode(client.api, folder)
        if not was_there:
            _remove_network(client)


def _remove_network(client: docker.DockerClient) -> None:
    """It is shared by every local mode on this engine: another one may be using it, or have removed it."""
    with suppress(APIError):
        client.networks.get(LOCAL_MODE_NETWORK).remove()


def _hello(folder: Path, address: StoreAddress) -> Hello:
    return Hello(
        folder=str(folder),
        endpoint_url=address.endpoint_url,
        container_endpoint_url=address.container_endpoint_url,
        network=address.network,
        access_key=address.credentials.access_key,
        secret_key=address.credentials.secret_key,
        hosts=dict(address.hosts),
    )


def _warmed_up(
    api: APIClient, image: str, objects: Objects, folder: Path, ours: Side, theirs: Side | None
) -> Pattern:
    """Let each side run once, untimed; on the way learn what a job's container is like."""
    (folder / "warm-up").mkdir()
    (folder / "warm-up" / "file").write_bytes(b"warm")
    source = objects.put(folder / "warm-up", "warm-up")
    # A name of this run's own: others may use the same Docker Engine.
    step = WorkStep(f"Warm{folder.name[-8:].replace('_', '0')}", _looked_at(), source)
    work = Work("WarmUp", image, "s3://bench/warm-up-out", (step,))
    seen: list[Pattern] = []
    watcher = threading.Thread(target=lambda: seen.append(look_at(api, step.name)), daemon=True)
    watcher.start()
    ours.run(work)
    watcher.join()
    if not seen:
        raise RuntimeError("no container of the warm-up was seen")
    if theirs is not None:
        theirs.run(work)
    objects.clear()
    clear_local_mode(api, folder)
    return seen[0]


def _looked_at() -> str:
    return f"import os, time; os.listdir('{READS}'); time.sleep(1)"


def clear_local_mode(api: APIClient, folder: Path) -> None:
    """Remove the containers and temporary folders that local mode leaves below the bench's folder."""
    for container in api.containers(all=True, filters={"label": _COMPOSE_FOLDER_LABEL}):
        if str(container["Labels"][_COMPOSE_FOLDER_LABEL]).startswith(str(folder)):
            api.remove_container(container["Id"], force=True)
    for left in (folder / "local-mode-temporary").glob("*"):
        shutil.rmtree(left, ignore_errors=True)
