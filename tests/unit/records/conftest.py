"""Records in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from seatrial.records import Records
from tests.adapters.clock import StillClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "records.db"


@pytest.fixture
def records(path: Path) -> Iterator[Records]:
    with Records(path, StillClock(tick=1)) as records:
        yield records
