"""What the doctor says of programs that only some runs need."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app import doctor
from seatrial.app.parts import Parts
from seatrial.errors import EnvironmentUnfitError
from seatrial.runners import composing, provision
from seatrial.settings import Settings


def compose_check() -> tuple[bool, str]:
    check = doctor._compose()
    return check.ok, check.detail


def test_docker_compose_is_told_of_and_never_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "compose_version", lambda: "v2.27.0")
    assert compose_check() == (True, "v2.27.0, for `--engine local-mode`")
    monkeypatch.setattr(composing, "compose_version", lambda: None)
    ok, detail = compose_check()
    assert ok
    assert detail.endswith(composing.install_compose_command())


def test_setting_right_goes_on_without_docker_compose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfit(_: object) -> None:
        raise EnvironmentUnfitError("no Compose", slug="compose-missing", hint="install it")

    monkeypatch.setattr(provision, "ensure_engine", lambda progress: None)
    monkeypatch.setattr(provision, "ensure_compose", unfit)
    monkeypatch.setattr(doctor, "NEEDED_IMAGES", ())
    said: list[str] = []
    doctor.fix(Parts(Settings(state_dir=tmp_path), said.append))
    assert said == ["no Compose; type: install it"]
