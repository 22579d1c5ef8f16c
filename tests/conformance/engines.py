"""Every engine that runs jobs: each must pass every case."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone

from seatrial.engines.native import NativeEngine
from seatrial.ports.clock import Clock
from seatrial.ports.images import ImageResolver
from seatrial.ports.jobs import JobEngine
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


class WallClock(Clock):
    """The machine's own time."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(timezone.utc)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def native(
    runner: Runner, store: ObjectStore, address: StoreAddress, images: ImageResolver, settings: Settings
) -> JobEngine:
    """Ours."""
    return NativeEngine(runner, store, address, images, settings, WallClock())


ENGINES: dict[str, Callable[[Runner, ObjectStore, StoreAddress, ImageResolver, Settings], JobEngine]] = {
    "native": native
}
