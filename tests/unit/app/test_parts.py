"""What an engine needs of the machine is seen to before a run; to ask about a definition needs none of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.parts import ENGINES, Parts
from seatrial.errors import EnvironmentUnfitError
from seatrial.runners import provision
from seatrial.settings import Settings
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import MemoryRunner
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import ADDRESS


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """Parts in memory, on a machine where Docker Compose cannot be had."""

    def unfit(*_: object) -> None:
        raise EnvironmentUnfitError("no Docker Compose", slug="compose-missing")

    monkeypatch.setattr(provision, "ensure_compose", unfit)
    parts = Parts(Settings(state_dir=tmp_path / "state", cache_dir=tmp_path / "cache"), print)
    parts.__dict__.update(
        runner=MemoryRunner({}), store=MemoryStore(), images=MemoryImages({}), address=ADDRESS
    )
    return parts


@pytest.mark.parametrize("name", list(ENGINES))
def test_every_engine_answers_about_a_request_without_anything_installed(parts: Parts, name: str) -> None:
    assert parts.engine(name).unsupported("Processing", {}) == []


def test_only_the_engine_that_needs_compose_asks_for_it_before_a_run(parts: Parts) -> None:
    parts.prepare_engine("native")
    with pytest.raises(EnvironmentUnfitError, match="Compose"):
        parts.prepare_engine("local-mode")
