"""The sea on which planted faults run."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.images import Images
from seatrial.ports.storage import StoreAddress
from seatrial.settings import Settings
from tests.planted.sea import Sea


@pytest.fixture
def sea(
    settings: Settings,
    store_address: StoreAddress,
    images: Images,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Sea:
    """A project's folder, and the session's store."""
    images.ensure("base")
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Sea(folder, settings, store_address)
