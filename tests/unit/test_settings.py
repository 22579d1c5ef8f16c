"""Where settings come from, and what is said of those that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import RefusedError
from seatrial.settings import every_setting, load_settings, variable_of


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_variable_wins_over_seatrial_toml_and_that_over_pyproject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.seatrial]\njobs = 3\nbucket = 'three'\nregion = 'eu-west-3'\n"
    )
    (tmp_path / "seatrial.toml").write_text("jobs = 4\nbucket = 'four'\n")
    monkeypatch.setenv("SEATRIAL_JOBS", "5")

    found = load_settings()

    assert (found.jobs, found.bucket, found.region) == (5, "four", "eu-west-3")
    assert load_settings(jobs=6).jobs == 6


def test_a_misspelt_variable_is_refused_with_the_near_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_STORE__ENDPOINT", "http://127.0.0.1:9000")

    with pytest.raises(RefusedError) as refusal:
        load_settings()

    assert "SEATRIAL_STORE__ENDPOINT" in refusal.value.message
    assert "SEATRIAL_STORE__ENDPOINT_URL" in (refusal.value.hint or "")


def test_the_variable_of_every_setting_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_MINIO_PORT", "9000")  # compose.yaml's own
    values = {"fidelity.set_default_region": "false", "build.pull": "false", "stop_grace_seconds": "3"}
    assert set(values) <= {name for name, _ in every_setting()}
    for name, value in values.items():
        monkeypatch.setenv(variable_of(name), value)

    found = load_settings()

    assert (found.fidelity.set_default_region, found.build.pull, found.stop_grace_seconds) == (
        False,
        False,
        3,
    )
