"""What functions are called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seatrial.engines.native.parts import nothing_stands
from seatrial.ports.images import ImageResolver
from seatrial.ports.observation import CallLog
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings

IMAGE = "seatrial/lambda-python"
"""Runs every function; the setting `images` may name another in its place."""

TASK = "/var/task"
INVOCATION = "/var/invocation"


@dataclass(frozen=True)
class Parts:
    """What every call is done with.

    `standing` has what a function is told of the endpoints that its execution has deployed.
    """

    runner: Runner
    store: ObjectStore
    address: StoreAddress
    images: ImageResolver
    settings: Settings
    standing: Callable[[str], Mapping[str, str]] = nothing_stands
    calls: CallLog | None = None
