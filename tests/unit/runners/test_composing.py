"""Docker Compose is found as the SageMaker SDK finds it; tried with stand-ins for Docker's programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import EnvironmentUnfitError
from seatrial.runners import provision
from seatrial.runners.composing import compose_packages, compose_version, install_compose_command


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(folder: Path, name: str, says: str, code: int = 0) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    program.chmod(0o755)


def test_the_plugin_of_version_2_comes_first(programs: Path) -> None:
    put(programs, "docker", "Docker Compose version v2.27.0")
    put(programs, "docker-compose", "1.29.2")
    assert compose_version() == "Docker Compose version v2.27.0"


def test_a_plugin_that_the_sdk_does_not_know_is_passed_over(programs: Path) -> None:
    put(programs, "docker", "Docker Compose version v5.0.0")
    assert compose_version() is None
    put(programs, "docker-compose", "1.29.2")
    assert compose_version() == "1.29.2"


def test_the_program_will_do_without_a_plugin(programs: Path) -> None:
    put(programs, "docker", "unknown command: docker compose", code=1)
    put(programs, "docker-compose", "1.29.2")
    assert compose_version() == "1.29.2"


def test_without_dockers_command_line_there_is_no_compose(programs: Path) -> None:
    put(programs, "docker-compose", "1.29.2")
    assert compose_version() is None


def test_whoever_may_not_install_it_is_told_what_to_type(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(EnvironmentUnfitError, match="needs Docker Compose") as unfit:
        provision.ensure_compose(lambda line: None)
    assert (unfit.value.slug, unfit.value.hint) == ("compose-missing", install_compose_command())


def test_one_that_is_there_is_not_installed_again(programs: Path) -> None:
    put(programs, "docker", "Docker Compose version v2.27.0")
    said: list[str] = []
    provision.ensure_compose(said.append)
    assert said == []


def test_dockers_command_line_is_installed_along_where_it_is_missing(programs: Path) -> None:
    assert compose_packages() == ("docker-compose", "docker-cli")
    put(programs, "docker", "")
    assert compose_packages() == ("docker-compose",)
