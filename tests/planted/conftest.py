"""The sea on which planted faults run."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.images import Images
from seatrial.ports.storage import StoreAddress
from seatrial.settings import Settings
from tests.planted.sea import Sea
from tests.planted.twins import Twins


def pytest_addoption(parser: pytest.Parser) -> None:
    """How the page of planted faults is written; not there unless this folder is named."""
    parser.addoption("--record-planted", action="store_true", help="keep what the runs find")


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> bool:
    """Whether what is found is kept, and not compared with what was."""
    return bool(request.config.getoption("--record-planted", default=False))


@pytest.fixture(scope="session")
def twins() -> Twins:
    """Knows what ran already."""
    return Twins()


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
