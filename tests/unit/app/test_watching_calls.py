"""Whether anybody looks at what containers call."""

from __future__ import annotations

from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.settings import ObservationSettings, Settings
from seatrial.storage.calls import TracedCalls, Unwatched

ADDRESS = StoreAddress("http://127.0.0.1:1", "http://store:9000", "bridge", Credentials("key", "secret"))


def parts_of(folder: Path, *, calls: bool) -> Parts:
    settings = Settings(state_dir=folder, observation=ObservationSettings(calls=calls))
    return Parts(settings, print, address=ADDRESS)


def test_the_stores_trace_is_followed_and_not_before_it_is_needed(tmp_path: Path) -> None:
    assert isinstance(parts_of(tmp_path, calls=True).calls, TracedCalls)


def test_it_can_be_switched_off_and_says_so(tmp_path: Path) -> None:
    assert parts_of(tmp_path, calls=False).calls == Unwatched("switched off (observation.calls)")
