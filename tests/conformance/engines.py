"""Every engine that runs jobs: each must pass every case, but for its known differences."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import docker

from seatrial.engines.local_mode import NETWORK, LocalModeEngine
from seatrial.engines.native import NativeEngine
from seatrial.ports.clock import Clock
from seatrial.ports.images import ImageResolver
from seatrial.ports.jobs import JobEngine
from seatrial.ports.storage import StoreAddress
from seatrial.runners import DockerRunner
from seatrial.runners.compose import ComposeNetwork
from seatrial.runners.ways import Way
from seatrial.settings import Settings
from seatrial.storage import MinioStore


class WallClock(Clock):
    """The machine's own time."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(timezone.utc)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True)
class Real:
    """The real parts that every engine is made of; `locks` is a folder that all engines share."""

    client: docker.DockerClient
    runner: DockerRunner
    store: MinioStore
    address: StoreAddress
    images: ImageResolver
    locks: Path


def native(real: Real, settings: Settings) -> JobEngine:
    """Ours."""
    return NativeEngine(real.runner, real.store, real.address, real.images, settings, WallClock())


def native_by_archive(real: Real, settings: Settings) -> JobEngine:
    """Ours, as if Docker Engine saw none of our files."""
    runner = DockerRunner(real.client, helper_image=lambda: "unasked", way=Way.ARCHIVE)
    return NativeEngine(runner, real.store, real.address, real.images, settings, WallClock())


def local_mode(real: Real, settings: Settings) -> JobEngine:
    """The SageMaker SDK's."""
    network = ComposeNetwork(lambda: real.client, NETWORK, real.locks)
    return LocalModeEngine(real.runner, real.store, real.address, real.images, settings, WallClock(), network)


ENGINES: dict[str, Callable[[Real, Settings], JobEngine]] = {
    "native": native,
    "native-archive": native_by_archive,
    "local-mode": local_mode,
}
