"""When no engine answers, the message says why and the hint is the next command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docker.errors import DockerException

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners.connection import (
    chosen_elsewhere,
    connect,
    install_command,
    installed,
    start_command,
    unfit,
)


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))


def test_permission_denied_names_the_group() -> None:
    trouble = unfit(PermissionError(13, "Permission denied"), None)
    assert (trouble.slug, trouble.exit_code) == ("docker-permission", 3)
    assert trouble.hint == "sudo usermod -aG docker $USER && newgrp docker"


def test_permission_denied_is_found_beneath_other_errors() -> None:
    hidden = DockerException("no version", ("Connection aborted.", PermissionError(13, "Permission denied")))
    hidden.__cause__ = ConnectionError(PermissionError(13, "Permission denied"))
    assert unfit(hidden, None).slug == "docker-permission"


def test_engine_that_does_not_run_is_to_be_started_or_installed() -> None:
    trouble = unfit(FileNotFoundError(2, "No such file"), None)
    expected = (
        ("docker-not-running", start_command()) if installed() else ("docker-missing", install_command())
    )
    assert (trouble.slug, trouble.hint) == expected


def test_engine_chosen_by_the_user_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    with pytest.raises(EnvironmentUnfitError, match=r"absent\.sock") as trouble:
        connect()
    assert trouble.value.slug == "docker-unreachable"
    assert "unset DOCKER_HOST" in (trouble.value.hint or "")


def test_closed_port_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    with pytest.raises(EnvironmentUnfitError) as trouble:
        connect()
    assert trouble.value.slug == "docker-unreachable"


def test_context_counts_as_a_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert chosen_elsewhere() is None
    monkeypatch.setenv("DOCKER_CONTEXT", "remote")
    assert chosen_elsewhere() == "Docker context 'remote'"


def test_stale_socket_is_no_engine(tmp_path: Path) -> None:
    (tmp_path / "docker.sock").touch()
    with pytest.raises(EnvironmentUnfitError, match="no Docker Engine answers"):
        connect(socket=tmp_path / "docker.sock")


def test_install_command_is_one_for_this_user() -> None:
    command = install_command()
    assert ("seatrial doctor --fix" in command) == (os.geteuid() == 0 and "follow" not in command)
