"""What `seatrial doctor` is told about a machine where containers run."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.runners.examination import examine
from seatrial.runners.provision import ensure_engine
from tests.integration.runners.conftest import Bench


def test_machine_that_runs_containers_is_found_fit(bench: Bench, tmp_path: Path) -> None:
    checks = examine(state_dir=tmp_path / "not" / "there", helper_image=lambda: bench.image)
    found = {check.name: check for check in checks}
    assert found.keys() >= {"Docker Engine", "memory limit", "user", "engine sees our files"}
    assert found["Docker Engine"].ok
    assert found["engine sees our files"].ok
    assert not (tmp_path / "not").exists()


def test_machine_without_engine_is_told_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    first = examine(state_dir=tmp_path)[0]
    assert (first.name, first.ok) == ("Docker Engine", False)
    assert first.hint


def test_engine_that_answers_is_left_alone(bench: Bench) -> None:
    said: list[str] = []
    ensure_engine(said.append)
    assert said == []
