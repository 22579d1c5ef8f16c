"""What every attempt is done with; builds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seatrial.ports.images import ImageResolver
from seatrial.ports.observation import CallLog
from seatrial.ports.runners import Runner
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings


def nothing_stands(execution_id: str) -> Mapping[str, str]:
    """For an engine beside which no other one works."""
    return {}


@dataclass(frozen=True)
class Parts:
    """The engine's own parts, shared by all its attempts."""

    runner: Runner
    store: ObjectStore
    address: StoreAddress
    images: ImageResolver
    settings: Settings
    standing: Callable[[str], Mapping[str, str]] = nothing_stands
    """What a job of an execution is told of that stands for it, in variables."""
    calls: CallLog | None = None
    """Sees what containers ask of the store; without it nobody looks."""
