"""What every transform is done with."""

from __future__ import annotations

from dataclasses import dataclass

from seatrial.ports.images import ImageResolver
from seatrial.ports.observation import CallLog
from seatrial.ports.runners import Runner, Server
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


@dataclass(frozen=True)
class Parts:
    """`server` runs the containers that `runner` takes files back from; they may be one and the same."""

    runner: Runner
    server: Server
    store: ObjectStore
    address: StoreAddress
    images: ImageResolver
    settings: Settings
    calls: CallLog | None = None
